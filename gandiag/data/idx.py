"""The four files of MNIST: their names, and the hashes of their contents.

A file is recognised by its contents, not by its compression: the original archives, archives
compressed again and uncompressed files all pass, and nothing else does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from gandiag.errors import DataError


@dataclass(frozen=True)
class File:
    """One of the four.

    Attributes:
        name: Its name, unpacked.
        key: The name of its array in Keras' ``mnist.npz``.
        shape: The shape of the array.
        archive_sha256: The SHA-256 of the original gzip archive, for downloads.
        content_sha256: The SHA-256 of the array's bytes.
    """

    name: str
    key: str
    shape: tuple[int, ...]
    archive_sha256: str
    content_sha256: str

    @property
    def header(self) -> bytes:
        """What an IDX file of unsigned bytes begins with: its type, its rank and its sides."""
        sides = b"".join(side.to_bytes(4, "big") for side in self.shape)
        return bytes([0, 0, 8, len(self.shape)]) + sides

    @property
    def length(self) -> int:
        """The length of the unpacked file, in bytes."""
        return len(self.header) + prod(self.shape)


FILES = (
    File(
        "train-images-idx3-ubyte",
        "x_train",
        (60000, 28, 28),
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ),
    File(
        "train-labels-idx1-ubyte",
        "y_train",
        (60000,),
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    ),
    File(
        "t10k-images-idx3-ubyte",
        "x_test",
        (10000, 28, 28),
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    ),
    File(
        "t10k-labels-idx1-ubyte",
        "y_test",
        (10000,),
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    ),
)


def decode(raw: bytes, file: File, where: str) -> NDArray[np.uint8]:
    """The array of an unpacked IDX file.

    Args:
        raw: Its bytes.
        file: Which of the four it should be.
        where: What to call it in an error.

    Raises:
        DataError: It is not that file.
    """
    begin = len(file.header)
    if len(raw) != file.length or raw[:begin] != file.header:
        raise _damaged(
            where,
            f"{file.length} bytes that begin with {file.header.hex(' ')}",
            f"{_length(raw, file)} that begin with {raw[:begin].hex(' ') or 'nothing'}",
        )
    return verify(np.frombuffer(raw, np.uint8, offset=begin).reshape(file.shape), file, where)


def verify(array: NDArray[np.uint8], file: File, where: str) -> NDArray[np.uint8]:
    """The array itself, if it is what the file holds.

    Raises:
        DataError: It is not.
    """
    if array.dtype != np.uint8 or array.shape != file.shape:
        got = f"{array.dtype} {array.shape}"
        raise _damaged(where, f"unsigned bytes of shape {file.shape}", got)
    checksum = hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
    if checksum != file.content_sha256:
        raise _damaged(where, f"content of SHA-256 {file.content_sha256}", checksum)
    return array


def _length(raw: bytes, file: File) -> str:
    return f"{len(raw)} bytes" if len(raw) <= file.length else "more"


def _damaged(where: str, expected: str, got: str) -> DataError:
    return DataError(
        f"{where} is not MNIST's: it is truncated or was changed. Expected {expected}; got {got}. "
        "Put the original in its place, or remove it"
    )
