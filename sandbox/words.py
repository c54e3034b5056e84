"""What sample rows are named: several scripts, emoji, and texts that bite."""
# ruff: noqa: RUF001  letters of other alphabets are meant


def _words(text: str, between: str | None = None) -> list[str]:
    return text.split(between)


FIRST_NAMES = _words(
    "Anna Bruno Chloé Dmitri Élise Fatima Günther Hana Ivo João Kaja Liisa Mårten"
    " Nguyễn Olu Priya Quentin Rasmus Søren Tõnu Ursula Věra Wei Ximena Yūko Zoë"
    " Анна Дмитрий Олена 伟 美咲 민준 محمد שרה Γιώργος นภา"
)
LAST_NAMES = _words(
    "Andersson Brontë Çelik D'Angelo Eriksen Fernández García Håkansson Ivanov"
    " Jürgenson Kask Le Guin Müller Nováková O'Brien Pérez Quiñones Råberg Šimek Tamm"
    " Übel Vaher Wójcik Xu Yılmaz Žižek Иванова Шевченко 王 佐藤 김 حسن כהן"
    " Παπαδόπουλος ศรีสุข von"
)
COMPANY_NAMES = _words(
    "Acme Baltic Čapek Delta Ēriks Foxtrot Gømez Hüttel Ínka Jõgi Kivi Łódź Meridian"
    " Nørd Östermalm Pixel Quartz Røros Šuma Tartu Umbra Vega Würth Xenon Ýmir Zürich"
    " Ромашка 北京 株式会社 삼보 النور אור Αθήνα"
)
COMPANY_KINDS = _words(
    "Ltd|GmbH|OÜ|Inc.|S.A.|AB|& Sons|Holding|Studio|Logistics|ООО|有限公司|🌱 Farms",
    "|",
)
TOPICS = _words(
    "renewal|Pilot|upgrade|new licence|Beratung|50% discount|support_plan|roll-out"
    "|Q4 order|Внедрение|续约|展示会|training 🎓|rebate (2nd)|API access|[draft]"
    "|RFP #7",
    "|",
)
ODD_TEXTS = (
    "abc",
    "ABC",
    "Abc",
    "abc ",
    " abc",
    "Straße",
    "STRASSE",
    "istanbul",
    "İstanbul",
    "ISTANBUL",
    "élan",
    "e\u0301lan",
    "007",
    "7",
    "7.0",
    "1e3",
    "-0",
    "0x10",
    " 12 ",
    "NULL",
    "null",
    "true",
    "2026-02-29",
    "100%",
    "100_",
    "under_score",
    "star*",
    "what?",
    "[a-z]",
    "O'Brien",
    'say "hi"',
    "back\\slash",
    "semi;colon -- comment",
    "line\nbreak",
    "tab\there",
    "👩‍👩‍👧‍👦 family",
    "Ελλάδα",
    "ÆØÅ æøå",
    "مرحبا بالعالم",
    "东京/東京",
)
CITIES = (
    ("Tallinn", "Harju maakond", "Estonia", "Narva mnt"),
    ("São Paulo", "SP", "Brazil", "Rua Augusta"),
    ("München", "Bayern", "Germany", "Leopoldstraße"),
    ("Київ", "Київ", "Ukraine", "Хрещатик"),
    ("東京", "東京都", "Japan", "銀座"),
    ("New York", "NY", "United States", "5th Avenue"),
    ("İzmir", "İzmir", "Turkey", "Kıbrıs Şehitleri Cd."),
)
PRODUCTS = _words(
    "CRM Basic|CRM Pro|CRM MAX|crm max|Onboarding|Support (gold)|Support (silver)"
    "|Mechanical Pencil|Стол|椅子|Kaffeemaschine|Gadget, red|Gadget, blue|Ø-ring"
    "|100% cotton|USB_C cable|Server ☁️|Trainer's day|Seat|Licence *|Toner #4",
    "|",
)
STAGES = (
    ("Lead In", "Contact Made", "Demo Scheduled", "Proposal Made", "Negotiations"),
    ("Новый", "Assigned", "Trial 🧪", "Offer", "Signing", "Onboarding"),
    ("Idea", "Draft", "Review", "Tender", "Award"),
)
PIPELINES = ("Pipeline", "Партнёры", "Tenders & grants")
STAGE_CHANCES = (10, 25, 40, 60, 80, 95)
SUBJECTS = _words(
    "Call back|Send offer|Lunch|DEMO|demo|Follow up: 50%|Präsentation|Звонок|会議"
    "|Contract?|Ping_pong|Site visit 🚗",
    "|",
)
NOTES = (
    "<p>Wants a <b>quote</b> by Friday.</p>",
    "<div>Line one<br>Line two &amp; more</div>",
    "plain text, no tags",
    "<ul><li>a</li><li>b</li></ul>",
    '<a href="https://example.com/?a=1&amp;b=2">link</a>',
    "<p>Привет, 世界 🌍</p>",
    "",
)
LOST_REASONS = ("price", "Price", "Timing", "Ушли к конкуренту", "no answer", "")
