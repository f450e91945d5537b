"""The words of the rules in Hungarian: text and fix by case of RULES."""

from collections.abc import Mapping

RULES_HU: Mapping[str, tuple[str, str]] = {
    "F000": ("{what}", "{fix}"),
    "F001": (
        "A(z) „{state}” állapotba semmilyen út nem vezet.",
        "Vegyen fel oda vezető átmenetet, vagy törölje az állapotot.",
    ),
    "F002": ("A(z) „{state}” állapotba csak {ways} vezet, de ez sosem következik be.", ""),
    "F003": (
        "Aki a(z) „{state}” állapotba jut, nem tud továbbmenni.",
        "Vegyen fel továbbvezető átmenetet, vagy jelölje meg végként: `end:`.",
    ),
    "F004a": (
        "A(z) „{state}” állapotból egyetlen véghez sem vezet út: az emberek körbejárnak, {circle}.",
        "Vegyen fel átmenetet egy `end:` jelzésű állapotba.",
    ),
    "F004b": (
        "A(z) „{state}” állapotban újra lehet próbálkozni ({circle}), de semmi sem vezet sikerhez.",
        "Vegyen fel átmenetet egy `end: success` jelzésű állapotba, vagy ne ajánljon fel újabb próbát.",
    ),
    "F005": ("{where}: nincs ilyen nevű {sort}: „{name}”.", "{hint}"),
    "F006": (
        "A(z) „{state}” oldala felkínálja ezt: „{trigger}”, de ott erre semmi sem történik.",
        "Vegyen fel átmenetet ezzel: `trigger: {trigger}`.",
    ),
    "F007": (
        "A(z) „{state}” állapotban semmi sem indíthatja el ezt: „{trigger}”.",
        "Írja meg a gomb szövegét itt: states.{state}.buttons.{trigger}, vagy törölje az átmenetet.",
    ),
    "F008:reserved": (
        "A folyamat neve nem lehet „{name}”: ez a cím magáé a rendszeré.",
        "Adjon más nevet.",
    ),
    "F008:realm": (
        "A szervezet neve nem lehet „{name}”: ott a munkatársak lépnek be.",
        "Nevezze másképp a szervezetet.",
    ),
    "F008:initial": ("A kezdő állapot, „{name}”, nem létezik.", "{hint}"),
    "F008:end": (
        "A(z) „{state}” vég, a(z) „{way}” mégis továbbvezet ide: „{dest}”.",
        "Vegye ki az `end` jelzést, vagy vezesse az átmenetet egy véghez.",
    ),
    "F008:back": (
        "A(z) „{state}” vég, a Vissza mégis ide vezet: „{dest}”.",
        "Írja ezt: `back: locked`, vagy ne írjon semmit.",
    ),
    "F008:twice": (
        "{sort}: a(z) „{name}” kétszer szerepel ({first}. és {second}. sor).",
        "Nevezze át az egyiket.",
    ),
    "F009": ("Egyetlen lépés sem használja: {sort} „{name}”.", ""),
    "F010": (
        "A(z) „{state}” állapotban erre: „{trigger}” semmi sem történik, ha {example}.",
        "Vegyen fel utolsónak egy feltétel nélküli átmenetet.",
    ),
    "F010:many": (
        "A(z) „{state}” állapotban erre: „{trigger}” {count} kérdés hangzik el, ez túl sok annak "
        "bizonyításához, hogy mindig van megfelelő átmenet.",
        "Vegyen fel utolsónak egy feltétel nélküli átmenetet.",
    ),
    "F011": (
        "A(z) „{way}” sosem következik be: fölötte mindig nyer {earlier}.",
        "Tegye följebb, vagy törölje.",
    ),
    "F013": ("{where}: nem ismert {sort}: „{name}”.", "{hint}"),
    "F013:answer": ("{where}: a várt „{answer}” választ a(z) „{guard}” sosem adja.", "{hint}"),
    "F013:options": ("{what}", "{fix}"),
    "F013:form": (
        "A(z) „{state}” űrlapja nem állítható elő: {problem}.",
        "Javítsa ki a mezői beállításait.",
    ),
    "F013:bare": (
        "{where}: a(z) „{guard}” beállítások nélkül nem kérdezhető.",
        "Adjon neki nevet a `guards:` alatt.",
    ),
    "F013:argument": ("{where}: „{effect}” {problem}.", "{hint}"),
    "F013:never": (
        "A(z) „{way}” feltételei ellentmondanak egymásnak: együtt sosem teljesülnek.",
        "Javítsa ki őket.",
    ),
    "F014": (
        "Előfordulhat, hogy a(z) „{guard}” nem érhető el, de a(z) „{state}” állapotban erre: „{trigger}” "
        "nincs ilyen esetre átmenet.",
        "Vegyen fel átmenetet ezzel: `conditions: [{{{guard}: unavailable}}]`.",
    ),
    "F020": ("A(z) „{code}” kód vég nélkül próbálgatható.", "Adja meg: `tries` (általában 3–5)."),
    "F021:pause": (
        "A(z) „{name}” újra meg újra elküldhető innen: „{state}”; ez pénzbe kerül, és bosszantó.",
        "Adja meg: `resend_after`, például [30 s, 60 s, 120 s].",
    ),
    "F021:asks": (
        "A(z) „{way}” újraküldi ezt: „{name}”, de nem kérdezi meg, letelt-e a várakozás.",
        "Vegyen fel olyan feltételt, amely erre kérdez rá: „{name}”.",
    ),
    "F023:missing": ("A(z) „{code}” kód sosem jár le.", "Adja meg: `valid`, például 10 min."),
    "F023:longer": (
        "A(z) „{code}” kód tovább érvényes, mint ameddig bármelyik futás várhat rá.",
        "Rövidítse a `valid` idejét, vagy adjon hosszabb `lifetime` időt a kódot kérő állapotnak.",
    ),
    "F023:expire": (
        "A(z) „{state}” állapotban álló futás lejár, de ott az „expire” hatására semmi sem történik.",
        "Vegye fel ezt: `{{id: expire, trigger: expire, dest: ...}}` az `everywhere` "
        "alá, vagy `lifetime: none`.",
    ),
    "F041": (
        "A(z) „{field}” mezőnél hiányzik: „{key}”.",
        "Adja meg, mennyire érzékeny (`class`), mire kell (`purpose`), és meddig őrzik (`keep`).",
    ),
    "F050": ("Hiányzik a(z) „{key}” szövege ezen a nyelven: {language}.", ""),
    "F050:file": (
        "Nincs {file}, pedig a folyamat beszél ezen a nyelven: {language}.",
        "Vegye fel a fájlt, vagy vegye ki a nyelvet.",
    ),
    "F050:theme": ("Hiányzik a(z) „{key}” szövege ezen a nyelven: {language}.", ""),
    "F052": (
        "A(z) „{key}” szövegéből ({language}) hiányzik {missing}, amely a többi nyelven megvan.",
        "Tegye be itt, vagy vegye ki ott.",
    ),
    "F052:brace": (
        "A(z) „{key}” szövegében olyan kapcsos zárójel áll, amely nem helykitöltőé; az emberek elolvasnák.",
        "Így írja a helykitöltőket: {{small_letters}}.",
    ),
    "F053:title": ("A(z) „{state}” oldalának nincs címe.", "Vegye fel ezt a szöveget: „{key}”."),
    "F053:label": ("A(z) „{field}” mezőnek nincs felirata.", "Vegye fel ezt a szöveget: „{key}”."),
    "F053:reason": (
        "A(z) „{field}” elutasítható ezzel: „{reason}”, de nincs hozzá üzenet.",
        "Vegye fel ezt a szöveget: „{key}”.",
    ),
    "F053:say": (
        "A(z) „{way}” ezt mondja: „{say}” a(z) „{state}” oldalán, de nincs ilyen szöveg.",
        "Vegye fel: „{key}”.",
    ),
    "F053:same": (
        "A(z) „{first}” és a(z) „{second}” szövege ({language}) azonos; nem derül ki, mit kell kijavítani.",
        "Fogalmazza meg őket különbözően.",
    ),
    "N001": (
        "A(z) „{state}” oldala nem mondja meg, mit csinál a Vissza.",
        "Írja ezt: `back: {{to: ...}}`, vagy visszavonhatatlan lépés után `back: locked`.",
    ),
    "N002": (
        "A(z) „{code}” beírandó része csak {count:,} féle lehet; kitalálható.",
        "Kérjen több karaktert: legalább 6 számjegyet, vagy 4 betűt és számjegyet.",
    ),
    "N003": (
        "A(z) „{guard}” csak ezek alapján talál meg valakit: „{fields}”; aki tudja a számot, azt a "
        "gazdájának hinnénk.",
        "Vessen össze egy nyilvántartott elérhetőséget is.",
    ),
    "N004": (
        "A(z) „{guard}” elfogad {min} karakteres jelszót{only}, amely sokkal könnyebben kitalálható, mint "
        "egy hosszú.",
        "Használja ezt: `profile: strong`, vagy írja le, ki vállalja a kockázatot.",
    ),
    "N005:again": (
        "A(z) „{way}” jónak fogadja el a(z) „{code}” kódot, és meghagyja még egy alkalomra.",
        "Vegye fel a hatásai közé: `use_code {code}`.",
    ),
    "N005:unasked": (
        "A(z) „{way}” elhasználja a(z) „{code}” kódot, de nem kérdezi meg, jó-e.",
        "Vegyen fel feltételt a(z) „{code}” kódra vonatkozó `code_right` őrfeltétellel.",
    ),
    "N010": (
        "A(z) {rule} kivétele itt: „{at}” lejárt ({until}).",
        "Javítsa ki, amire vonatkozik, vagy döntsön róla újra a felelős: {owner}.",
    ),
    "N011": ("Itt: „{at}” nincs {rule}, amelyre a kivétel vonatkozhatna.", "{hint}"),
    "N012": (
        "A(z) {rule} itt: „{at}” olyan hiba, amelyet senki sem vállalhat.",
        "Javítsa ki, és törölje a kivételt.",
    ),
    "N013": ("Nincs {rule} szabály.", "{hint}"),
}
