# SPDX-License-Identifier: Apache-2.0 OR MIT
# The functions in C. __init__.pyi and socket.pyi describe the public ones.
from typing import Any

def __getattr__(name: str) -> Any: ...
