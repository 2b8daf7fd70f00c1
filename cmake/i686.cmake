# SPDX-License-Identifier: Apache-2.0 OR MIT
# Cross build for 32-bit x86; Debian: gcc-i686-linux-gnu. (gcc-multilib would remove the other cross
# compilers.) Most 64-bit kernels run the programs themselves, and so every row that the processor allows.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_C_COMPILER i686-linux-gnu-gcc)
