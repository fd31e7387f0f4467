# SPDX-License-Identifier: Apache-2.0
import pytest
from django.core.exceptions import ImproperlyConfigured

from zuoxi.vault import encryption, keys
from zuoxi.vault.encryption import CHUNK, HEADER, TAG, Tampered


@pytest.fixture(autouse=True)
def own_ring(monkeypatch):
    monkeypatch.setenv("ZUOXI_VAULT_KEYS", keys.new_key("k1"))
    keys.ring.cache_clear()
    yield
    keys.ring.cache_clear()


def rotate(monkeypatch):
    monkeypatch.setenv("ZUOXI_VAULT_KEYS", f"{keys.new_key('k2')},{_written(keys.current())}")
    keys.ring.cache_clear()


def _written(key):
    import base64

    return f"{key.id}:{base64.urlsafe_b64encode(key.secret).decode()}"


def test_what_is_sealed_opens_and_is_not_readable():
    sealed = encryption.seal(b"13800005678", "customers.phone")
    assert encryption.unseal(sealed, "customers.phone") == b"13800005678"
    assert b"13800005678" not in sealed


def test_the_same_text_is_never_sealed_to_the_same_bytes():
    assert encryption.seal(b"x", "a") != encryption.seal(b"x", "a")


def test_moved_to_another_field_it_does_not_open():
    with pytest.raises(Tampered):
        encryption.unseal(encryption.seal(b"x", "a"), "b")


@pytest.mark.parametrize("place", [0, 8, 25, -1])
def test_one_changed_byte_anywhere_is_noticed(place):
    sealed = bytearray(encryption.seal(b"some text", "a"))
    sealed[place] ^= 1
    with pytest.raises((Tampered, keys.UnknownKey)):
        encryption.unseal(bytes(sealed), "a")


@pytest.mark.parametrize("garbage", [b"", b"short", b"\xff" * 60])
def test_garbage_is_refused_and_does_not_crash(garbage):
    with pytest.raises((Tampered, keys.UnknownKey)):
        encryption.unseal(garbage, "a")


def test_after_a_new_key_old_seals_open_and_reseal_moves_them(monkeypatch):
    old = encryption.seal(b"text", "a")
    index = encryption.blind_index("138", "phone")
    rotate(monkeypatch)
    assert encryption.unseal(old, "a") == b"text"
    new = encryption.reseal(old, "a")
    assert new[:2] == b"k2"
    assert encryption.reseal(new, "a") is new
    assert encryption.blind_index("138", "phone") == index


def test_without_the_old_key_old_seals_say_which_key_is_missing(monkeypatch):
    old = encryption.seal(b"text", "a")
    monkeypatch.setenv("ZUOXI_VAULT_KEYS", keys.new_key("k9"))
    keys.ring.cache_clear()
    with pytest.raises(keys.UnknownKey, match="k1"):
        encryption.unseal(old, "a")


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17])
def test_a_file_of_any_length_comes_back_whole(tmp_path, size):
    plain = bytes(range(256)) * (size // 256 + 1)
    plain = plain[:size]
    (tmp_path / "a.wav").write_bytes(plain)
    encryption.seal_file(tmp_path / "a.wav", tmp_path / "a.sealed")
    assert b"".join(encryption.open_file(tmp_path / "a.sealed")) == plain
    assert encryption.plain_size(tmp_path / "a.sealed") == size
    assert encryption.is_sealed_file(tmp_path / "a.sealed")
    assert not encryption.is_sealed_file(tmp_path / "a.wav")


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 10), (CHUNK - 3, CHUNK + 3), (2 * CHUNK, None), (5, 5), (3 * CHUNK + 16, 9 * CHUNK)]
)
def test_a_player_that_seeks_gets_just_its_bytes(tmp_path, start, stop):
    plain = bytes(index % 251 for index in range(3 * CHUNK + 17))
    (tmp_path / "a").write_bytes(plain)
    encryption.seal_file(tmp_path / "a", tmp_path / "b")
    assert b"".join(encryption.read_range(tmp_path / "b", start, stop)) == plain[start:stop]


def _sealed_three_chunks(tmp_path):
    (tmp_path / "a").write_bytes(b"a" * CHUNK + b"b" * CHUNK + b"c" * 10)
    encryption.seal_file(tmp_path / "a", tmp_path / "b")
    return tmp_path / "b"


def test_a_file_cut_off_at_a_chunk_is_noticed(tmp_path):
    file = _sealed_three_chunks(tmp_path)
    file.write_bytes(file.read_bytes()[: HEADER + 2 * (CHUNK + TAG)])
    with pytest.raises(Tampered):
        b"".join(encryption.open_file(file))


def test_two_chunks_swapped_are_noticed(tmp_path):
    file = _sealed_three_chunks(tmp_path)
    data, step = file.read_bytes(), CHUNK + TAG
    swapped = data[:HEADER] + data[HEADER + step : HEADER + 2 * step] + data[HEADER : HEADER + step]
    file.write_bytes(swapped + data[HEADER + 2 * step :])
    with pytest.raises(Tampered):
        b"".join(encryption.open_file(file))


def test_a_failure_while_sealing_leaves_neither_target_nor_draft(tmp_path):
    with pytest.raises(FileNotFoundError):
        encryption.seal_file(tmp_path / "missing", tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "k1", "k1:xyz", "k1:" + "A" * 44 + ",k1:" + "A" * 44, "toolongname:" + "A" * 43 + "="]
)
def test_a_ring_that_is_no_ring_is_refused(text):
    with pytest.raises(ImproperlyConfigured):
        keys.parse(text)


def test_after_a_new_key_a_file_is_brought_under_it_and_reads_the_same(tmp_path, monkeypatch):
    file = _sealed_three_chunks(tmp_path)
    before = b"".join(encryption.open_file(file))
    assert encryption.reseal_file(file) is False
    rotate(monkeypatch)
    assert b"".join(encryption.open_file(file)) == before
    assert encryption.reseal_file(file) is True
    assert b"".join(encryption.open_file(file)) == before
    assert encryption.reseal_file(file) is False
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
