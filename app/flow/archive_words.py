"""What is said of an archive that is not taken, in the three languages: what is wrong, and what to do."""

from collections.abc import Mapping

from app.flow.archive import BadArchive

WORDS: Mapping[str, Mapping[str, str]] = {
    "no_archive": {
        "en": "This is no ZIP archive, or it is damaged. Export it again and take that file.",
        "bg": "Това не е ZIP архив или архивът е повреден. Изнесете го отново и изберете новия файл.",
        "hu": "Ez nem ZIP-archívum, vagy megsérült. Exportálja újra, és azt a fájlt válassza.",
    },
    "too_large": {
        "en": "The archive is larger than 4 MiB. Put only the definition's own files into it.",
        "bg": "Архивът е по-голям от 4 MiB. Сложете в него само файловете на определението.",
        "hu": "Az archívum nagyobb 4 MiB-nál. Csak a meghatározás saját fájljait tegye bele.",
    },
    "too_many": {
        "en": "The archive holds more than 60 files. Put only the definition's own files into it.",
        "bg": "В архива има повече от 60 файла. Сложете в него само файловете на определението.",
        "hu": "Az archívumban 60-nál több fájl van. Csak a meghatározás saját fájljait tegye bele.",
    },
    "odd_name": {
        "en": "A file in the archive has a name that cannot be read: '{name}'. Rename it and pack it again.",
        "bg": "Файл в архива има име, което не може да се прочете: „{name}“. Преименувайте го и опаковайте отново.",
        "hu": "Az archívum egyik fájljának neve nem olvasható: „{name}”. Nevezze át, és csomagolja újra.",
    },
    "absolute": {
        "en": "'{name}' names a place on a machine. Pack the files without their paths.",
        "bg": "„{name}“ сочи място на компютър. Опаковайте файловете без пътищата им.",
        "hu": "„{name}” egy gép helyére mutat. Útvonal nélkül csomagolja a fájlokat.",
    },
    "leads_out": {
        "en": "'{name}' leads out of the archive. Pack the files without their paths.",
        "bg": "„{name}“ излиза извън архива. Опаковайте файловете без пътищата им.",
        "hu": "„{name}” kivezet az archívumból. Útvonal nélkül csomagolja a fájlokat.",
    },
    "link": {
        "en": "'{name}' is a link to another file. Pack the file itself.",
        "bg": "„{name}“ е връзка към друг файл. Опаковайте самия файл.",
        "hu": "„{name}” egy másik fájlra mutató hivatkozás. Magát a fájlt csomagolja be.",
    },
    "encrypted": {
        "en": "'{name}' is encrypted. Pack it without a password.",
        "bg": "„{name}“ е шифрован. Опаковайте го без парола.",
        "hu": "„{name}” titkosított. Jelszó nélkül csomagolja be.",
    },
    "nested": {
        "en": "'{name}' is an archive inside the archive. Unpack it, and pack its files.",
        "bg": "„{name}“ е архив в архива. Разопаковайте го и опаковайте файловете му.",
        "hu": "„{name}” archívum az archívumban. Csomagolja ki, és a fájljait csomagolja be.",
    },
    "double": {
        "en": "'{name}' stands in the archive twice. Keep one of them.",
        "bg": "„{name}“ е в архива два пъти. Оставете единия.",
        "hu": "„{name}” kétszer szerepel az archívumban. Az egyiket hagyja meg.",
    },
    "odd_packing": {
        "en": "'{name}' is packed in a way that is not read here. Pack it as an ordinary ZIP (deflate).",
        "bg": "„{name}“ е опакован по начин, който тук не се чете. Опаковайте го като обикновен ZIP (deflate).",
        "hu": "„{name}” itt nem olvasható módon van csomagolva. Szokásos ZIP-ként (deflate) csomagolja be.",
    },
    "bursts": {
        "en": "'{name}' becomes larger than a file of a definition may be (1 MiB). Put the right file in.",
        "bg": "„{name}“ става по-голям, отколкото може да е файл на определение (1 MiB). Сложете правилния файл.",
        "hu": "„{name}” nagyobb lesz, mint amekkora a meghatározás fájlja lehet (1 MiB). A megfelelő fájlt tegye bele.",
    },
    "no_text": {
        "en": "'{name}' is not text in UTF-8. Save it as UTF-8 and pack it again.",
        "bg": "„{name}“ не е текст в UTF-8. Запишете го като UTF-8 и опаковайте отново.",
        "hu": "„{name}” nem UTF-8 szöveg. Mentse UTF-8-ként, és csomagolja újra.",
    },
    "no_flow": {
        "en": "There is no flow.yaml in the archive. Pack a flow's folder, or take what was exported here.",
        "bg": "В архива няма flow.yaml. Опаковайте папката на процес или вземете изнесен оттук файл.",
        "hu": "Az archívumban nincs flow.yaml. Egy folyamat mappáját csomagolja be, vagy innen exportált fájlt válasszon.",
    },
    "several": {
        "en": "The archive holds several flows. Pack one of them.",
        "bg": "В архива има няколко процеса. Опаковайте един от тях.",
        "hu": "Az archívumban több folyamat van. Egyet csomagoljon be.",
    },
}


def sentence(problem: BadArchive, lang: str) -> str:
    """What is wrong with the archive and what to do, in `lang`."""
    return WORDS[problem.code][lang].replace("{name}", problem.name)
