"""Django's settings. What an installation may choose is read in ``environment``."""

from __future__ import annotations

import gc

from csp.constants import NONE, SELF

from joren.project import environment
from joren.project.databases import databases

# A process keeps what it loads: to look through it for garbage meanwhile is a quarter of a start.
gc.set_threshold(50_000, 20, 50)

CHOSEN = environment.read()

DEBUG = CHOSEN.debug
SECRET_KEY = CHOSEN.secret_key
ALLOWED_HOSTS = list(CHOSEN.allowed_hosts)

# Where the rooms read what the installation chose.
JOREN_HOME = CHOSEN.home
JOREN_PERSONAL_KEYS = CHOSEN.personal_keys
JOREN_WAREHOUSE = CHOSEN.warehouse
JOREN_ENGINE = CHOSEN.engine
JOREN_SPARK = CHOSEN.spark
JOREN_MEMORY = CHOSEN.memory
JOREN_UPLOAD_LIMIT = CHOSEN.upload_limit
JOREN_URL = CHOSEN.url
JOREN_SMTP = CHOSEN.smtp is not None
JOREN_ESP = CHOSEN.esp[0] if CHOSEN.esp else ""
JOREN_DKIM = CHOSEN.dkim
JOREN_RETURN_PATH = CHOSEN.return_path
JOREN_LINE_TOKEN, JOREN_LINE_SECRET = CHOSEN.line_token, CHOSEN.line_secret
JOREN_LINE_API = "https://api.line.me"
JOREN_SMS, JOREN_PUSH = CHOSEN.sms, CHOSEN.push
JOREN_TIMEZONE = CHOSEN.time_zone
JOREN_CURRENCY = CHOSEN.currency
JOREN_WEBHOOK_HOSTS = CHOSEN.webhook_hosts

INSTALLED_APPS = [
    "joren.project",  # before allauth, whose templates it dresses
    "joren.project.pages",
    "joren.project.chores",
    "joren.measure.experiments",
    "joren.act.campaigns",
    "joren.act.confirmations",
    "joren.act.forms",
    "joren.act.journeys",
    "joren.act.pressure",
    "joren.act.deliveries",
    "joren.act.messages",
    "joren.decide.exports",
    "joren.decide.holdouts",
    "joren.decide.strategies",
    "joren.measure.indicators",
    "joren.measure.reviews",
    "joren.measure.practices",
    "joren.measure.initiatives",
    "joren.measure.channels",
    "joren.measure.referrals",
    "joren.measure.trials",
    "joren.measure.touches",
    "joren.measure.team",
    "joren.decide.segments",
    "joren.understand.paths",
    "joren.understand.economics",
    "joren.understand.cohorts",
    "joren.understand.ranks",
    "joren.understand.ltv",
    "joren.collect.quality",
    "joren.collect.products",
    "joren.collect.registrations",
    "joren.collect.webhooks",
    "joren.collect.connectors",
    "joren.collect.inbox",
    "joren.collect.orders",
    "joren.collect.customers",
    "joren.collect.life_stages",
    "joren.protect.erasure",
    "joren.protect.consent",
    "joren.protect.audit",
    "joren.accounts",
    "joren.plumbing",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "joren.collect.inbox.views.protocol_middleware",
    "joren.collect.webhooks.views.webhooks_middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "joren.project.middleware.ApiConditionalMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "joren.project.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "joren.project.middleware.caller_middleware",
    "joren.project.middleware.business_middleware",
    "joren.project.middleware.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "joren.project.urls"
WSGI_APPLICATION = "joren.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "joren.project.context.shell",
            ],
        },
    },
]

DATABASES = databases(CHOSEN.database_url, home=CHOSEN.home, durable=CHOSEN.inbox_outlives)
DATABASE_ROUTERS = ["joren.project.databases.InboxRouter"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Language and time. A page speaks the language of the browser, or the one that was chosen.
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
USE_I18N = True
LOCALE_PATHS = [CHOSEN.home / "locale"]
USE_TZ = True
TIME_ZONE = CHOSEN.time_zone

# Files. WhiteNoise serves them from the packages, so that there is nothing to collect.
STATIC_URL = "/static/"
STATICFILES_DIRS = [CHOSEN.home / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "joren.project.static_files.VersionedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 86_400

# Sign-in: by e-mail and password, with a second factor for those who want it; nobody signs up.
AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "joren.accounts.adapter.Doorkeeper"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # axes counts them, in the database, for all processes
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "joren"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an admin vouches for the address; no mail asks it to
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 1  # hours
# Both together: a guesser elsewhere cannot lock a member out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "joren.accounts.adapter.address_tried"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Mail. Without a server nothing can leave by mistake.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if CHOSEN.smtp:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = CHOSEN.smtp.host, CHOSEN.smtp.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = CHOSEN.smtp.user, CHOSEN.smtp.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = CHOSEN.smtp.security == "tls", CHOSEN.smtp.security == "starttls"
    EMAIL_TIMEOUT = 20
if CHOSEN.esp:
    EMAIL_BACKEND = f"anymail.backends.{CHOSEN.esp[0]}.EmailBackend"
    ANYMAIL = {"REQUESTS_TIMEOUT": 20, **CHOSEN.esp[1]}

# What the browser is told to refuse. Scripts and styles come from here and from nowhere else.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True

# Behind TLS the cookies keep to it. The proxy in front must set this header and drop a client's.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CHOSEN.https
if CHOSEN.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 86_400
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    CSRF_TRUSTED_ORIGINS = [
        # ".shop.example" means every name under it; "*" is any host, of which none is trusted.
        f"https://{'*' if host.startswith('.') else ''}{host}"
        for host in CHOSEN.allowed_hosts
        if host != "*"
    ]

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
FILE_UPLOAD_HANDLERS = [
    "joren.project.uploads.LimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = str(CHOSEN.home)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"joren": {"level": "INFO"}},
}
