"""Services that hide where a link leads; data, no logic.

Left out are those of one company that lead to itself alone (youtu.be, t.co, redd.it, wa.me and their like).
"""

_SHORTENERS = (
    "2.gp acortar.link adf.ly adfoc.us b.link bc.vc bit.do bit.ly bitly.com bl.ink buff.ly chilp.it "
    "clck.ru cli.re clk.sh cutt.ly cutt.us dlvr.it encurtador.com.br exe.io gg.gg git.io goo.gl goo.su "
    "han.gl hyperurl.co ibit.ly ift.tt is.gd j.mp kutt.it kurzelinks.de linkvertise.com ly.com n9.cl "
    "opn.to ouo.io ow.ly qps.ru rb.gy rebrand.ly rplg.co s.id short.gy short.io shorte.st shorturl.at "
    "shorturl.asia shorturl.gg shrinke.me shrinkme.io shrtco.de snip.ly soo.gd su.pr surl.li t.ly t2m.io "
    "tiny.cc tiny.one tiny.pl tinyurl.com tny.im tr.im u.to urlz.fr v.gd vo.la x.co x.gd y2u.be zpr.io "
    "zzb.bz"
)
SHORTENERS = frozenset(_SHORTENERS.split())
