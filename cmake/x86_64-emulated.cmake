# SPDX-License-Identifier: Apache-2.0 OR MIT
# Build for other x86 models than this machine's; Debian: qemu-user-static. QEMU_CPU in the environment
# of the tests names the model: Conroe has no SSE4.2, Nehalem no AVX, SandyBridge no AVX2, Haswell no
# AVX-512, and Haswell,-xsave is a Haswell of which the operating system saves no AVX register.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-x86_64-static)
