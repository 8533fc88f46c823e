"""Codes of languages that a policy may name: ISO 639-1, and codes of three letters where there are no two."""

_TWO_LETTERS = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik
io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv me mg mh mi mk
ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc
sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz
ve vi vo wa wo xh yi yo za zh zu
"""  # ISO 639-1, and `me` and `sh`, which are in use for Montenegrin and Serbo-Croatian

_THREE_FOR_TWO = """
ara=ar bel=be ben=bn bul=bg cat=ca ces=cs chi=zh cze=cs dan=da deu=de dut=nl ell=el eng=en fas=fa fin=fi
fra=fr fre=fr geo=ka ger=de gre=el heb=he hin=hi hrv=hr hun=hu hye=hy ind=id ita=it jpn=ja kat=ka kor=ko
nld=nl nno=nn nob=nb nor=no per=fa pol=pl por=pt ron=ro rum=ro rus=ru slk=sk slo=sk slv=sl spa=es srp=sr
swe=sv tam=ta tel=te tha=th tur=tr ukr=uk urd=ur vie=vi zho=zh
"""  # ISO 639-2, as people write languages that the checks know by two letters

_KNOWN = frozenset(_TWO_LETTERS.split())
_SHORTER = dict(pair.split("=") for pair in _THREE_FOR_TWO.split())


def fault_of(code: str) -> str | None:
    """What is wrong with a code of two or three small letters; null where nothing is."""
    if code in _SHORTER:
        return f"is written {_SHORTER[code]} here"
    if len(code) == 2 and code not in _KNOWN:
        return "is no language of ISO 639"
    return None
