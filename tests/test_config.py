"""Settings from the environment: unsafe ones stop the start with their name."""

import sys
from datetime import date
from pathlib import Path

import pytest

from hto_track.config import SettingsError, settings_from

KEY = "k" * 32


def test_without_settings_the_database_and_the_key_are_in_the_instance_folder(tmp_path: Path) -> None:
    settings = settings_from({}, tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/hto-track.sqlite3"
    assert len(settings.secret_key) >= 32
    assert settings_from({}, tmp_path).secret_key == settings.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_today_is_fixed_outside_production_alone(tmp_path: Path) -> None:
    assert settings_from({"HTO_TODAY": "2026-06-14"}, tmp_path).today == date(2026, 6, 14)
    with pytest.raises(SettingsError, match="HTO_TODAY"):
        settings_from({"HTO_TODAY": "2026-06-14", "HTO_ENV": "production", "HTO_SECRET_KEY": KEY}, tmp_path)


@pytest.mark.parametrize(("key", "is_safe"), [("k" * 31, False), (KEY, True), ("", False)])
def test_production_wants_a_key_of_32_characters(tmp_path: Path, key: str, is_safe: bool) -> None:
    environment = {"HTO_ENV": "production", "HTO_SECRET_KEY": key}
    if is_safe:
        assert settings_from(environment, tmp_path).production
    else:
        with pytest.raises(SettingsError, match="HTO_SECRET_KEY"):
            settings_from(environment, tmp_path)


@pytest.mark.parametrize("kind", ["prod", "Production", "staging"])
def test_a_misspelt_production_is_not_taken_for_anything_else(tmp_path: Path, kind: str) -> None:
    with pytest.raises(SettingsError, match="HTO_ENV"):
        settings_from({"HTO_ENV": kind}, tmp_path)


@pytest.mark.parametrize("url", ["postgres://user@host/name", "postgresql://user@host/name"])
def test_postgresql_is_spoken_to_with_psycopg(tmp_path: Path, url: str) -> None:
    assert settings_from({"HTO_DATABASE_URL": url}, tmp_path).database_url == "postgresql+psycopg://user@host/name"


COLLEGE = {
    "HTO_OIDC_ISSUER": "https://connect.example.org",
    "HTO_OIDC_CLIENT_ID": "hto-track",
    "HTO_OIDC_CLIENT_SECRET": "secret of the college",
    "HTO_OIDC_NAME": "Hogeschool aan de Maas",
}
PRODUCTION = {"HTO_ENV": "production", "HTO_SECRET_KEY": KEY}


def test_a_college_signs_in_when_all_four_of_its_settings_are_there(tmp_path: Path) -> None:
    assert settings_from({}, tmp_path).college_provider is None
    provider = settings_from(COLLEGE | PRODUCTION, tmp_path).college_provider
    assert provider is not None
    assert (provider.issuer, provider.client_id) == ("https://connect.example.org", "hto-track")
    assert provider.name == "Hogeschool aan de Maas"
    assert "secret of the college" not in repr(provider)


@pytest.mark.parametrize("missing", list(COLLEGE))
def test_the_sign_in_of_a_college_is_whole_or_not_at_all(tmp_path: Path, missing: str) -> None:
    with pytest.raises(SettingsError, match=f"^{missing} must be set too"):
        settings_from({name: text for name, text in COLLEGE.items() if name != missing}, tmp_path)


@pytest.mark.parametrize(
    "issuer", ["connect.example.org", "ftp://connect.example.org", "https://", "https://x.example?a=b", "https://[x"]
)
def test_the_issuer_of_a_college_is_an_address(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(SettingsError, match="HTO_OIDC_ISSUER"):
        settings_from(COLLEGE | {"HTO_OIDC_ISSUER": issuer}, tmp_path)


def test_production_takes_the_word_of_a_college_over_tls_alone(tmp_path: Path) -> None:
    open_address = COLLEGE | {"HTO_OIDC_ISSUER": "http://127.0.0.1:9000"}
    assert settings_from(open_address, tmp_path).college_provider is not None
    with pytest.raises(SettingsError, match="https"):
        settings_from(open_address | PRODUCTION, tmp_path)


def test_passwords_are_off_until_the_installation_says_yes(tmp_path: Path) -> None:
    assert not settings_from({}, tmp_path).passwords
    assert settings_from({"HTO_PASSWORDS": "yes"}, tmp_path).passwords
    assert not settings_from({"HTO_PASSWORDS": "no"}, tmp_path).passwords
    with pytest.raises(SettingsError, match="HTO_PASSWORDS"):
        settings_from({"HTO_PASSWORDS": "ja"}, tmp_path)


def test_how_long_data_are_kept_is_a_setting_of_each_kind(tmp_path: Path) -> None:
    keep = settings_from({"HTO_KEEP_LOGS": "18m", "HTO_KEEP_SIGN_IN": "7d"}, tmp_path).keep
    assert (str(keep.logs), str(keep.sign_in), str(keep.results)) == ("18m", "7d", "10y")


@pytest.mark.parametrize("text", ["2", "0y", "101y", "two years", "1.5y", "-1y"])
def test_a_time_that_is_none_stops_the_start_with_its_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="HTO_KEEP_RESULTS"):
        settings_from({"HTO_KEEP_RESULTS": text}, tmp_path)


def test_the_scan_of_files_is_a_command_that_is_there(tmp_path: Path) -> None:
    assert settings_from({}, tmp_path).scan_command == ()
    command = f"'{sys.executable}' -c 'import sys'"
    assert settings_from({"HTO_SCAN_COMMAND": command}, tmp_path).scan_command == (sys.executable, "-c", "import sys")


@pytest.mark.parametrize("command", ["clamd 'scan", "no-such-program-anywhere --no-summary -"])
def test_a_scan_that_cannot_run_stops_the_start_with_its_name(tmp_path: Path, command: str) -> None:
    with pytest.raises(SettingsError, match="HTO_SCAN_COMMAND"):
        settings_from({"HTO_SCAN_COMMAND": command}, tmp_path)
