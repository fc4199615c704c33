import os
import stat

import pytest

from devservices import lease, place, surroundings


@pytest.fixture
def own_place(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "LOCAL", tmp_path)
    monkeypatch.setattr(place, "SECRETS", tmp_path / "secrets.json")
    return tmp_path


def test_a_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(place.ServerProblem, match="not a folder of this account"):
        place.own_folder(tmp_path / "link")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another account's folder")
def test_a_folder_of_another_account_is_refused(tmp_path):
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 12345, 12345)
    with pytest.raises(place.ServerProblem):
        place.own_folder(tmp_path / "theirs")


def test_an_own_folder_is_closed_to_others_even_if_it_was_open(tmp_path):
    folder = place.own_folder(tmp_path / "own")
    folder.chmod(0o777)
    assert stat.S_IMODE(place.own_folder(folder).stat().st_mode) == 0o700


def test_secrets_are_made_once_and_only_their_owner_reads_them(own_place):
    first = place.load_secrets()
    assert place.load_secrets() == first
    assert len(set(first.values())) == len(first)
    assert stat.S_IMODE((own_place / "secrets.json").stat().st_mode) == 0o600


def test_this_process_belongs_to_its_own_folder_and_no_other(tmp_path):
    assert place.belongs_to(os.getpid(), place.Path.cwd())
    assert not place.belongs_to(os.getpid(), tmp_path)
    assert not place.belongs_to(2**22 + 1, tmp_path)


def test_a_lease_of_another_command_is_seen(own_place):
    (own_place / "users.lock").touch()
    assert not lease.others_use()
    other = lease.Lease(needs_postgres=False, needs_redis=False)
    assert lease.others_use()
    os.close(other.descriptor)
    assert not lease.others_use()


def test_the_demo_is_remembered_by_address():
    assert surroundings.demo_mark("postgresql://a/b") != surroundings.demo_mark("postgresql://a/c")
