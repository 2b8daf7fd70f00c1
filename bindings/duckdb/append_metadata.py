# SPDX-License-Identifier: Apache-2.0 OR MIT
"""append_metadata.py LIBRARY EXTENSION PLATFORM VERSION - a shared library as a loadable extension of DuckDB.

DuckDB reads the last 512 bytes of the file: eight fields of 32 bytes, padded with zeros, and 256 bytes for a signature,
which are zeros in an extension that is not signed. The fields are, in this order: three that are unused, the ABI, the
version of the extension, the version of the C extension API, the platform, and the number 4. An engine loads the file
if its platform is the same and its API is at least as new.
"""
import sys

API = "v1.2.0"


def footer(platform, version):
    fields = ["", "", "", "C_STRUCT", version, API, platform, "4"]
    for field in fields:
        if len(field.encode()) > 32:
            sys.exit(f"append_metadata.py: '{field}' has more than 32 bytes")
    return b"".join(field.encode().ljust(32, b"\0") for field in fields) + bytes(256)


def main():
    library, extension, platform, version = sys.argv[1:]
    with open(library, "rb") as source:
        data = source.read()
    with open(extension, "wb") as target:
        target.write(data + footer(platform, version))


if __name__ == "__main__":
    main()
