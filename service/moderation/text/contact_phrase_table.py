"""Invitations to leave the page, by language; written for this project, compared folded, word by word."""

PHRASES = {
    "en": """
        text me, dm me, pm me, inbox me, message me, whatsapp me, email me, call me on, call me at,
        contact me, contact him, contact her, contact us, contact them, reach me, reach him, reach out
        to him, reach us, hit me up, hmu, write me, write to me, mail me at, text him, text her,
        whatsapp him, contact via, contact on, via whatsapp, on whatsapp, whatsapp number, whatsapp
        group, on telegram, via telegram, telegram channel, telegram group, my telegram, add me on, add
        me at, my snapchat, my kik, check my channel, check out my channel, check my profile, check out
        my profile, visit my channel, visit my profile, visit my website, visit my site, visit our
        website, visit my page, see my profile, click my profile, click my name, link in bio, link in
        my bio, link in profile, link in my profile, link in description, subscribe to my channel,
        subscribe to me, subscribe my channel, follow me on, click here, click this link, click the
        link, click on this link
    """,
    "de": """
        schreib mir, schreibt mir, schreiben sie mir, kontaktiere mich, kontaktieren sie mich,
        kontaktieren sie uns, kontaktiert mich, melde dich bei, meldet euch bei, melden sie sich bei,
        ruf mich an, rufen sie mich an, per whatsapp, uber whatsapp, auf telegram, mein profil, link im
        profil, link in meinem profil, klick hier, klicken sie hier, hier klicken
    """,
    "es": """
        escribeme, escribanme, escribame, escribanos, contactame, contacteme, contactenos, contactar
        al, contacta con, mandame mensaje, llamame, llameme, mi whatsapp, por whatsapp, al whatsapp, mi
        telegram, enlace en mi perfil, link en mi perfil, haz clic aqui, visita mi canal, visita mi
        perfil, suscribete a mi canal
    """,
    "pt": """
        me chama, me chame, chama no zap, chama no whats, chama no whatsapp, chama no direct, chama no
        pv, chama no privado, meu whatsapp, meu zap, no whatsapp, pelo whatsapp, entre em contato, fale
        comigo, fale conosco, link na bio, link no perfil, clique aqui, clica no link, inscreva se no
        meu canal, se inscreve no meu canal
    """,
    "fr": """
        contactez moi, contactez nous, contacte moi, ecris moi, ecrivez moi, appelez moi, ajoute moi,
        ajoutez moi, sur whatsapp, mon whatsapp, sur telegram, lien dans ma bio, lien en bio, cliquez
        ici, clique ici, en mp
    """,
    "it": """
        contattami, contattatemi, contattateci, scrivimi, scrivetemi, chiamami, su whatsapp, su
        telegram, link in biografia, clicca qui
    """,
    "nl": """
        neem contact op, stuur me, app me, stuur mij een bericht, klik hier
    """,
    "pl": """
        skontaktuj sie, napisz do mnie, zadzwon do mnie, kliknij tutaj
    """,
    "tr": """
        bana ulas, bana yaz, bana yazin, iletisime gec, iletisime gecin, benimle iletisime, whatsapp
        hatti, buraya tikla
    """,
    "id": """
        hubungi kami, hubungi saya, hub kami, chat wa, wa saya, no wa, via wa, klik link, link di bio,
        cek bio, daftar sekarang
    """,
    "ru": """
        пиши в лс, пишите в лс, пиши в личку, пишите в личку, пиши в директ, пишите в директ, пишите
        мне, пиши мне, в личные сообщения, пишите в личные, пишите в телеграм, пиши в телеграм, в
        телеграме, мой телеграм, наш телеграм, телеграм канал, в тг, пиши в тг, пишите в тг, свяжитесь
        со мной, свяжитесь с нами, связаться со мной, обращайтесь, звоните, ссылка в профиле, ссылка в
        шапке, переходи по ссылке, переходите по ссылке, жми сюда, подпишись на мой канал,
        подписывайтесь на мой канал
    """,
    "uk": """
        пишіть в особисті, пишіть мені
    """,
    "ko": """
        카톡 주세요, 카톡주세요, 카톡 문의, 카톡문의, 연락주세요, 연락 주세요, 연락
        바랍니다, 문의 주세요, 문의주세요, 상담 문의, 오픈채팅, 오픈 채팅, 텔레그램 문의,
        텔레문의, 텔레 문의, 쪽지 주세요
    """,
    "zh": """
        加微信, 加我微信, 微信号, 联系我, 加qq, 私信我, 点击链接
    """,
    "ja": """
        ラインで, ライン追加, 連絡ください, プロフィールのリンク
    """,
    "ar": """
        تواصل معي, راسلني, واتساب, اتصل بي
    """,
}
