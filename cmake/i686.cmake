# SPDX-License-Identifier: Apache-2.0 OR MIT
# Cross build for 32-bit x86; Debian: gcc-i686-linux-gnu, qemu-user-static. (gcc-multilib would remove
# the other cross compilers.) Not every 64-bit kernel runs such programs, and qemu's usual processor has
# no SSE4.2.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_C_COMPILER i686-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-i386-static -cpu max)
