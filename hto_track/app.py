"""The factory: settings in, an application out."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from hto_track import database, languages, web
from hto_track.config import ROOT, Settings, settings_from
from hto_track.extensions import babel, csrf, db, migrate


def create_app(settings: Settings | None = None) -> Flask:
    """The application; without ``settings`` those of the environment (SettingsError when they are unsafe)."""
    settings = settings or settings_from()
    over_tls = settings.production or settings.base_url.startswith("https://")
    app = Flask("hto_track", template_folder=str(ROOT / "templates"), instance_path=str(ROOT / "instance"))
    app.extensions["hto_settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.database_url),
        BABEL_DEFAULT_LOCALE=languages.LANGUAGES[0],
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
        BABEL_TRANSLATION_DIRECTORIES=str(languages.TRANSLATIONS),
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,  # a pasted table that is too long comes far enough to be told so
        SESSION_COOKIE_NAME="__Host-hto" if over_tls else "hto",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=over_tls,
    )

    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    languages.compile_catalogues()
    babel.init_app(app, locale_selector=languages.reader_language)
    csrf.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
    web.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
