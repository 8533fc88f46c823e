"""What empty praise is made of, in several languages, folded; data, no logic."""

_PRAISE = (
    "great nice good awesome excellent amazing wonderful fantastic superb brilliant interesting "
    "informative helpful useful impressive outstanding beautiful cool perfect best love loved like liked "
    "enjoyed thanks thank congrats genial super toll klasse prima danke wunderbar interessant hilfreich "
    "spitze hervorragend bravo merci superbe magnifique formidable utile gracias excelente bueno buen "
    "interesante increible maravilloso felicidades util otimo otima obrigado obrigada parabens muito bom "
    "boa incrivel maravilhoso interessante grazie ottimo ottima bello bella bravi complimenti eccellente "
    "bedankt mooi goed leuk geweldig prachtig handig dank tack bra fint intressant tak godt takk dzieki "
    "swietny swietne ciekawy ciekawe dobry dziekuje спасибо отлично отличная отличный хорошо хорошая "
    "класс супер интересно интересная полезно полезная молодец bagus mantap keren terima kasih "
    "tesekkurler guzel harika"
)
PRAISE = frozenset(_PRAISE.split())
"""At least one of these must be there."""

_THINGS = (
    "post article blog site website page content information info work job stuff read write writing "
    "writeup topic share sharing shared tip tips piece story keep up going artikel beitrag seite inhalt "
    "arbeit schreiben weiter travail partage continuez contenu articulo pagina sitio informacion trabajo "
    "compartir aporte contenido artigo conteudo trabalho compartilhar postagem articolo sito lavoro "
    "contenuto condiviso bericht informatie delen inlagg sida artykul strona wpis статья сайт блог пост "
    "информация материал работа artikelnya blognya websitenya yazi paylasim"
)
THINGS = frozenset(_THINGS.split())
"""What is praised; one of these too."""

_FILLERS = (
    "a an the this that your you it is was i we very really so much for and of to on in here such what "
    "have has been am will be my me all with more please just always quite truly der die das dieser diese "
    "dieses ein eine ist sehr wirklich fur den dem ihr euer dein und mehr mit ich le la les un une ce cet "
    "cette tres vraiment pour votre ton et est de du bien c'est tout el los una este esta muy realmente "
    "por tu su y es que mas todo o os um uma muito seu sua e mais para il lo questo questa molto davvero "
    "per tuo di che een het dit deze erg heel voor je uw jouw ook en zeer mycket detta meget veldig za "
    "ten ta bardzo очень за это этот эта ваш ваша и большое вам sangat yang dan untuk ini cok bir"
)
FILLERS = frozenset(_FILLERS.split())
"""What may stand between."""
