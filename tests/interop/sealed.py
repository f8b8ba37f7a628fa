"""Sealed files go both ways between `anju` and the independent implementation `pyrage`.

Usage: sealed.py ANJU, in a Python that has pyrage. The last line counts as a test runner's does.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import pyrage

ANJU = sys.argv[1]
TEXT = ("{\"format\":\"anju-bundle\",\"author\":\"林晓\"}\n" * 5_000).encode()
PASSPHRASE = "云栖苑 42 correct horse"


def anju(*args, code=0):
    """Runs the command, which must end so; returns what it prints."""
    done = subprocess.run([ANJU, "--lang", "en", *map(str, args)], capture_output=True, text=True, check=False)
    assert done.returncode == code, f"anju {args} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def recipient_of(key):
    """The recipient that `anju keygen` prints."""
    lines = [line.split() for line in anju("keygen", "-o", key).splitlines()]
    return next(words[1] for words in lines if words and words[0] == "recipient")


def pyrage_opens_what_anju_sealed_to_its_recipient(folder):
    identity = pyrage.x25519.Identity.generate()
    anju("seal", folder / "plain", "--to", identity.to_public(), "-o", folder / "a.age")
    assert pyrage.decrypt((folder / "a.age").read_bytes(), [identity]) == TEXT
    stranger = pyrage.x25519.Identity.generate()
    try:
        pyrage.decrypt((folder / "a.age").read_bytes(), [stranger])
    except pyrage.DecryptError:
        return
    raise AssertionError("a stranger opened it")


def anju_opens_what_pyrage_sealed_to_its_recipient(folder):
    recipient = pyrage.x25519.Recipient.from_str(recipient_of(folder / "centre.key"))
    (folder / "b.age").write_bytes(pyrage.encrypt(TEXT, [recipient]))
    anju("open", folder / "b.age", "--key", folder / "centre.key", "-o", folder / "b")
    assert (folder / "b").read_bytes() == TEXT


def anju_opens_with_an_identity_file_of_age(folder):
    identity = pyrage.x25519.Identity.generate()
    (folder / "age.txt").write_text(f"# created: today\n# public key: {identity.to_public()}\n{identity}\n")
    (folder / "c.age").write_bytes(pyrage.encrypt(TEXT, [identity.to_public()]))
    anju("open", folder / "c.age", "--key", folder / "age.txt", "-o", folder / "c")
    assert (folder / "c").read_bytes() == TEXT


def pyrage_opens_what_anju_sealed_with_a_passphrase(folder):
    anju("seal", folder / "plain", "--passphrase-file", folder / "passphrase", "-o", folder / "d.age")
    assert pyrage.passphrase.decrypt((folder / "d.age").read_bytes(), PASSPHRASE) == TEXT


def anju_opens_what_pyrage_sealed_with_a_passphrase(folder):
    (folder / "e.age").write_bytes(pyrage.passphrase.encrypt(TEXT, PASSPHRASE))
    anju("open", folder / "e.age", "--passphrase-file", folder / "passphrase", "-o", folder / "e")
    assert (folder / "e").read_bytes() == TEXT
    (folder / "wrong").write_text("something else\n")
    said = anju("open", folder / "e.age", "--passphrase-file", folder / "wrong", "-o", folder / "none", code=2)
    assert "passphrase is wrong" in said, said


TESTS = [
    pyrage_opens_what_anju_sealed_to_its_recipient,
    anju_opens_what_pyrage_sealed_to_its_recipient,
    anju_opens_with_an_identity_file_of_age,
    pyrage_opens_what_anju_sealed_with_a_passphrase,
    anju_opens_what_pyrage_sealed_with_a_passphrase,
]

for test in TESTS:
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        (place / "plain").write_bytes(TEXT)
        (place / "passphrase").write_text(PASSPHRASE + os.linesep)
        test(place)
        print(f"ok {test.__name__.replace('_', ' ')}")
print(f"{len(TESTS)} passed")
