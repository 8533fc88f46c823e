"""The most frequent small words of some languages in Latin letters, folded; data, no logic.

Written from general knowledge of the languages: articles, pronouns, prepositions, auxiliary verbs. A word
that two languages share stands with both: it tells them from the others.
"""

_BY_LANGUAGE = {
    "en": (
        "the and of to is that it was for you with are this have not be they but from what which we "
        "there been would has their were will all can if who your about when them than then these those "
        "just how because i my me he she his her our on an or so do did does could should into only "
        "other some very him must never now after before get got like one us more out up don't isn't "
        "it's"
    ),
    "de": (
        "der die das und ist nicht ein eine zu den mit sich auf fur von dem ich auch es an als werden "
        "aus er hat dass sie nach wird bei einer um am sind noch wie einem uber einen so zum war haben "
        "nur oder aber vor zur bis mehr durch man sein wurde sei wir ihr was wenn kann schon hier da "
        "doch immer mal diese dieser kein keine"
    ),
    "fr": (
        "le la les de des du et est pas que qui un une dans pour ce il elle sur au avec plus par ne se "
        "son sont je vous nous mais ou cette tout on aux sa ses leur ont comme si ca c'est fait etre "
        "meme tres bien sans deja y en quand aussi d'un d'une qu'il n'est j'ai encore"
    ),
    "es": (
        "el la los las de del y es que no en un una por con para se su lo como mas pero sus le ya o este "
        "si porque esta entre cuando muy sin sobre tambien me hasta hay donde quien todo nos ni al son "
        "ser tiene han eso esto yo asi estan estos solo puede hace mi te"
    ),
    "pt": (
        "o a os as de do da dos das e que nao em um uma para com por se mais como mas ao ele ela eu voce "
        "isso esta tem foi ser sao ja muito tambem so quando seu sua pelo pela ate nos na no mesmo aos "
        "ter sem quem esse essa nem meu minha estao vai pra tudo bem era ainda"
    ),
    "it": (
        "il lo la i gli le di del della e che non un una per con si da come piu ma in sono ha al anche "
        "se questo questa nel alla dei delle ci dal io tu lei noi hanno essere stato perche quando molto "
        "solo tutti cosa chi mi ti gia era e' sul dalla fare"
    ),
    "nl": (
        "de het een en van is dat niet op te in ik je zijn voor met die er maar om aan ook als dan bij "
        "wat nog of naar wel geen heeft worden uit door over hij ze wij we zo kan meer deze dit mijn "
        "moet waar veel al hebben was toch"
    ),
    "sv": (
        "och att det som en pa ar av for med till den inte har de i ett om var jag men sig han vi fran "
        "sa man kan nar eller du hade bara alla mycket vill ska skulle blir finns vad hur detta dom nu "
        "mer andra efter ut hon"
    ),
    "da": (
        "og at det som en pa er af for med til den ikke har de i et om var jeg men sig han vi fra sa man "
        "kan nar eller du havde kun alle meget vil skal skulle bliver hvad hvor dette nu mere andre "
        "efter ud hun der hvis"
    ),
    "no": (
        "og at det som en pa er av for med til den ikke har de i et om var jeg men seg han vi fra sa man "
        "kan nar eller du hadde bare alle mye vil skal skulle blir hva hvor dette na mer andre etter ut "
        "hun hvis noe"
    ),
    "fi": (
        "ja on ei se etta oli mutta han niin kun kuin ovat myos joka tai jos vain nyt sen ole mita sita "
        "minun olen voi ettei eika mina sina ne nama tama siita kanssa viela jo mukaan hyvin koska "
        "kaikki mika olla ihan"
    ),
    "pl": (
        "i w na z ze nie sie jest do to jak co o ale po tak od za przez dla czy tylko juz ma by jego jej "
        "tym go jeszcze moze bardzo ich przy ten ta te sa byl byc kiedy gdzie bo tego mnie wszystko "
        "jestem"
    ),
    "cs": (
        "a v na je se ze to s z do o k i jako jsou by ale pro tak po jak byl si od nebo co jen uz ma "
        "jeho kde pri byt ktery ktera ktere nas jsem bude tady proto kdyz protoze"
    ),
    "sk": (
        "a v na je sa ze to s z do o k i ako su by ale pre tak po bol si od alebo co len uz ma jeho kde "
        "pri byt ktory ktora ktore nas som bude preto ked pretoze nie aj"
    ),
    "hu": (
        "a az es hogy nem is egy ez van volt de csak ha meg mint el ki azt mar vagy le nagyon itt ott "
        "olyan lesz ezt akkor mert minden sem amit aki lehet kell most en te o mi"
    ),
    "ro": (
        "si de la in nu este o un cu pe ca se care din mai sa pentru ce au a am fi sunt dar cand sau "
        "fara lui ei asta aceasta acest are va ne le al ale prin daca doar foarte bine si-a n-am"
    ),
    "tr": (
        "ve bir bu da de icin ile ne cok o gibi ama daha kadar var mi olarak ben sen onu biz siz her ya "
        "sonra degil olan ki en ise yok bile hem simdi nasil neden bana sana diye"
    ),
    "id": (
        "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga saya ke karena bisa ada kita "
        "mereka sudah atau kami anda adalah lebih oleh orang lagi hanya apa aku kamu banget nya gak "
        "kalau jadi sama buat"
    ),
    "vi": (
        "va la cua co cho khong mot nhung duoc trong nay da voi cac de nguoi khi den cung tu ra toi o ma "
        "nhu lai con thi rat ban anh em nhieu phai"
    ),
    "hr": (
        "i je u da se na za su od s o a ne to koji kao ili ali iz po samo bi sam nije sto ima jos ako "
        "kada sve koja koje moze bio biti smo vec jer nas ova ovaj"
    ),
    "ca": (
        "el la els les de del i es que no en un una per amb se com mes pero al aquest aquesta o si ja "
        "tambe molt quan on sense sobre tot han ser te hi ha dels aixo nosaltres fins perque som"
    ),
}

LANGUAGES = frozenset(_BY_LANGUAGE)

KIN = (
    {"da", "no", "nb", "nn", "sv"}, {"cs", "sk"}, {"hr", "bs", "sr", "sl", "me"}, {"id", "ms"},
    {"es", "ca", "gl", "pt"},
)  # fmt: skip
"""Languages whose small words are largely the same: one is never taken for another."""

WORDS: dict[str, tuple[str, ...]] = {}
"""From a small word to the languages that have it."""

for _language, _words in _BY_LANGUAGE.items():
    for _word in set(_words.split()):
        WORDS[_word] = (*WORDS.get(_word, ()), _language)
