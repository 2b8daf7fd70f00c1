# SPDX-License-Identifier: Apache-2.0 OR MIT
# Build for this machine with musl in place of its C library; Debian: musl-tools.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${CMAKE_HOST_SYSTEM_PROCESSOR})
set(CMAKE_C_COMPILER musl-gcc)
# The C++ compiler and the packages of this machine stand on the other C library.
set(CMAKE_CXX_COMPILER CXX-NOTFOUND)
