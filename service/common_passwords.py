"""What is tried first on every door: none of it is taken as a password.

Only what has twelve characters or more once its ending is counted can come up, so the list is short: words
that people make long by digits and marks, and the walks over a keyboard.
"""

ENDINGS = "0123456789!?.,-_*#+ "
"""What people put behind a word to make it longer."""

_WORDS = (
    "password passwort passw0rd p@ssword p@ssw0rd motdepasse contraseña contrasena wachtwoord parola",
    "administrator admin moderator moderation replydesk dashboard newsroom redaktion redaction editor",
    "welcome willkommen bienvenue letmein changeme changeit secret geheim default example",
    "qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdfghjkl asdfgh zxcvbnm yxcvbnm",
    "iloveyou sunshine princess football baseball superman batman dragon monkey master trustno summer winter",
    "correcthorsebatterystaple opensesame starwars internet computer",
)
_WALKS = (
    "123456789012 1234567890123 12345678901234 123456789123 098765432109 987654321098 qwertyuiop[]",
    "1qaz2wsx3edc 1q2w3e4r5t6y 1q2w3e4r5t6z q1w2e3r4t5y6 zaq12wsxcde3 qazwsxedcrfv qwertyasdfgh",
    "abcdefghijkl abcdefghijklm abc123abc123 a1b2c3d4e5f6 asdfghjklzxc zxcvbnmasdfg qwertyuiopas",
    "passwordpassword password1234 adminadminadmin secretsecret welcome12345 changemechangeme letmeinletmein",
    "thisismypassword mypassword123 iloveyouforever",
)

COMMON = frozenset(word for line in _WORDS + _WALKS for word in line.split())
