# SPDX-License-Identifier: Apache-2.0 OR MIT
# Programs without any shared library: cmake -DCMAKE_PROJECT_INCLUDE=cmake/static.cmake
string(APPEND CMAKE_EXE_LINKER_FLAGS " -static")
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
# The static libpcap of Debian needs libraries that are not static.
set(SIMDINET_WITH_PCAP OFF CACHE BOOL "" FORCE)
