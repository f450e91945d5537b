"""The words of the further rules in Hungarian: about ways, words, and what is seen from outside."""

from collections.abc import Mapping

FURTHER_HU: Mapping[str, tuple[str, str]] = {
    "F012": (
        "A(z) „{first}” és a(z) „{second}” is megfelel, ha {example}; az első nyer.",
        "Erősítse meg a sorrendet ezzel: `ordered: true` a(z) „{second}” átmenetnél, vagy tegye egymást "
        "kizáróvá a feltételeiket.",
    ),
    "F015": (
        "A(z) „{guard}” maga olvassa ki ezt: {what} ({name}).",
        "Vegye a lépésből (`step.now`, `step.world`), hogy a visszajátszás egyezzen.",
    ),
    "F016": (
        "A(z) „{reader}” számára kell a(z) „{field}”, de ezen az úton nem kérdezzük meg: {path}.",
        "Kérdezze meg egy korábbi oldalon, vagy csak akkor vezessen oda, ha már ismert.",
    ),
    "F016:facts": (
        "A(z) „{way}” kiállítja ezt: „{card}”, de nem kérdezi ezt: „{guard}”, pedig "
        "abból tudni, mi áll rajta.",
        "Vegye fel a feltételei közé: „{guard}”.",
    ),
    "F022": (
        "A(z) „{state}” nem mondja meg, mi történik, ha elfogynak a(z) „{code}” kód próbái.",
        "Vegyen fel átmenetet ezzel: `conditions: [{{{guard}: no_tries_left}}]`.",
    ),
    "F022:stuck": (
        "Akinek elfogytak a(z) „{code}” kód próbái, a(z) „{state}” állapotban marad, "
        "ahonnan nem küldhető új.",
        "Vezesse a(z) „{way}” átmenetet más állapotba, vagy küldjön onnan új kódot.",
    ),
    "F024": (
        "A(z) „{code}” kódot elküldjük, de a(z) „{end}” elérhető a bekérése nélkül: {path}.",
        "Kérje be a vég előtt, vagy ne küldje el.",
    ),
    "F025:unsent": (
        "Ezen az úton: {path} a(z) „{state}” olyan kódot kér („{code}”), amelyet nem küldtünk el.",
        "Vegye fel egy korábbi átmenet hatásai közé: `send {code}`.",
    ),
    "F025:changed": (
        "Ezen az úton: {path} a(z) „{state}” kéri a(z) „{code}” kódot, de a(z) „{field}” azóta változhatott.",
        "Küldjön új kódot az új címre.",
    ),
    "F026": (
        "A(z) „{state}” megköveteli, hogy „{guard}” igent mondjon, de {path} enélkül jut oda.",
        "Vegye fel az út feltételei közé: „{guard}”, vagy törölje a `requires` listából.",
    ),
    "F027": (
        "Az emberek {hours} óra után figyelmeztetés nélkül elveszítik a válaszaikat.",
        "Adjon legalább 20 órát (WCAG 2.2.1).",
    ),
    "F030": (
        "Ez kétszer történne meg: „{effect}”, ha valaki visszalép ide: „{state}”, {path}.",
        "Írja ezt egy utána következő oldalra: `back: locked`.",
    ),
    "F031": (
        "Ha a(z) „{name}” üzenete elvész, nem lehet másikat kérni.",
        "A(z) „{way}” utáni oldalon vegyen fel átmenetet, amely újraküldi, például `trigger: resend`.",
    ),
    "F032": (
        "Egy idegen innen: „{state}” bármilyen címre elküldetheti velünk ezt: „{name}”, {path}.",
        "Előtte kérdezzen olyan őrfeltételt, amelynek kerete a `network` szerint is számol.",
    ),
    "F042": (
        "A(z) „{state}” nyilvántartott adatot mutat („{name}”), mielőtt tudnánk, ki nézi: {path}.",
        "Tegye a jó kód vagy az elküldött hivatkozás mögé, vagy ne mutassa.",
    ),
    "F044": (
        "A(z) „{found}” és a(z) „{missing}” elárulja egy idegennek, mit tud a(z) „{guard}”, ahányszor csak "
        "kérdezi.",
        "Vezesse mindkettőt egy oldalra ugyanazokkal a szavakkal, vagy adjon keretet neki: „{guard}”.",
    ),
    "F044:limited": (
        "A(z) „{found}” és a(z) „{missing}” elárulja egy idegennek, mit tud a(z) „{guard}”, amíg a kerete el "
        "nem fogy.",
        "Vezesse mindkettőt egy oldalra ugyanazokkal a szavakkal, vagy írja le, ki vállalja ezt.",
    ),
    "F040": (
        "A(z) „{field}” mezőt megkérdezzük, de semmire sem használjuk.",
        "Vegye ki, vagy nevezze meg ott, ahol kell.",
    ),
    "F043": (
        "A(z) „{{{name}}}” a(z) „{key}” szövegében címekben, előzményekben és értesítésekben állna, bárki "
        "elolvashatná.",
        "Az alatta lévő szövegben mondja el.",
    ),
    "F045:fill": (
        "A(z) „{field}” mezőnél a telefonnak magának kellene felajánlania ezt: {what}.",
        "Használjon ilyen mezőtípust: {types}.",
    ),
    "F045:echo": (
        "A(z) „{field}” titkos, a(z) „{type}” típus mégis visszamutatja, amit beírtak.",
        "Használjon olyan típust, amely nem: {types}.",
    ),
    "F051": (
        "A(z) „{key}” fordítása ({language}) régebbi a forrásánál ({source}).",
        "Fordítsa le újra, vagy jelölje helyesnek: `narthex flows texts mark`.",
    ),
    "F051:same": (
        "A(z) „{key}” fordítása ({language}) szóról szóra megegyezik a forrásával ({source}).",
        "Fordítsa le.",
    ),
    "F054:button": (
        "A(z) „{key}” gomb telefonon {lines} soros ({language}).",
        "Mondja el kevesebb szóval.",
    ),
    "F054:title": (
        "A(z) „{key}” cím telefonon {lines} sort foglal el ({language}).",
        "Mondja el kevesebb szóval.",
    ),
    "F054:label": (
        "A(z) „{key}” felirat telefonon {lines} sort foglal el ({language}).",
        "Rövidítse le; a magyarázat a súgószövegbe való.",
    ),
    "F054:word": (
        "A(z) „{word}” szó a(z) „{key}” szövegében ({language}) szélesebb egy telefonnál.",
        "Használjon más szót, vagy jelölje feltételes elválasztójellel, hol törhető.",
    ),
    "F054:sentence": (
        "A(z) „{key}” szövegében ({language}) egy mondat {count} szavas; kevesen olvassák végig.",
        "Bontsa kettőbe.",
    ),
    "F054:jargon": (
        "Az emberek nem ismerik ezt a szót: „{word}” a(z) „{key}” szövegében ({language}).",
        "Mondja meg, mit jelent nekik.",
    ),
    "F055": ("„{link}” a(z) „{key}” szövegében nem megnyitható cím.", "{hint}"),
    "F060": (
        "{people} itt: „{state}”, és ezt az állapotot ez a verzió megszünteti.",
        "Ha a verzió éles, az áthelyezéskor adja meg, hová kerüljenek, vagy hagyja, hogy befejezzék.",
    ),
    "F060:retyped": (
        "{people} itt: „{state}”, és ebben a verzióban ez másfajta oldal (eddig „{before}”, most „{kind}”).",
        "Ha a verzió éles, az áthelyezéskor adja meg, hová kerüljenek, vagy hagyja, hogy befejezzék.",
    ),
    "F061": (
        "Átnevezték? {sort}: „{old}”, most „{new}”. Ha igen, az előzmények és a tesztek elveszítik.",
        "Tartsa meg a régi azonosítót (a felirat változhat), vagy mondja el egy kivételben.",
    ),
    "F062": (
        "{runs} nem tud továbbmenni ebben a verzióban, vagy indokló változás nélkül máshol ér véget.",
        "Nézze meg őket a visszajátszásban.",
    ),
    "F062:starved": (
        "{runs} olyan kérdéshez jut, amelyre a felvétele nem felel.",
        "Nézze meg őket a visszajátszásban.",
    ),
    "F063": (
        "Senki, teszt sem, ment még innen: „{state}” ide: „{dest}” ezen: „{way}”.",
        "Járassa be az útjait (`narthex paths`), vagy menjen végig rajta a homokozóban.",
    ),
    "F063:none": (
        "Senki, teszt sem, ment még végig ezen a folyamaton.",
        "Járassa be az útjait (`narthex paths`), vagy menjen végig rajta a homokozóban.",
    ),
}
