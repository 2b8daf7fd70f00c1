#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# scratch_root.sh FOLDER - run as root in a Debian with a C compiler, CMake, make and pkg-config, without the
# optional dependencies of simdinet: builds the library from FOLDER/source; installs the packages of FOLDER,
# uses them, purges them, and checks that no file is left.
set -eu
folder=$1
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
version=$(sed -n 's/^#define SIMDINET_VERSION_[A-Z]* //p' "$folder/source/lib/include/simdinet.h" |
    paste -s -d.)

die() {
    echo "scratch root: $*" >&2
    exit 1
}

# expect EXPECTED COMMAND [ARGUMENT ...]
expect() {
    expected=$1
    shift
    output=$("$@") || die "$*: exit $?"
    [ "$output" = "$expected" ] || die "$* prints '$output', expected '$expected'"
}

all_files() {
    find / -xdev \( -path "$folder" -o -path /proc -o -path /sys -o -path /dev -o -path /tmp \
        -o -path /run -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \
        -o -path /var/log \) -prune -o -print | sort
}

for header in zlib.h zstd.h criterion/criterion.h benchmark/benchmark.h; do
    [ ! -e "/usr/include/$header" ] || die "$header is installed: this root proves nothing"
done
cmake -S "$folder/source" -B /tmp/alone -G Ninja -DSIMDINET_BUILD_COMMAND=OFF \
    -DCMAKE_INSTALL_PREFIX=/tmp/alone-prefix >/tmp/alone.log || die "the library alone: $(cat /tmp/alone.log)"
cmake --build /tmp/alone >/tmp/alone.log || die "the library alone: $(cat /tmp/alone.log)"
cmake --install /tmp/alone >/tmp/alone.log
cp -R "$folder/source/tests/build/consumer/c" /tmp/consumer
PKG_CONFIG_PATH=/tmp/alone-prefix/lib/pkgconfig make -s -C /tmp/consumer consumer-static
expect "C $version 2001:db8::1 1" /tmp/consumer/consumer-static
rm -rf /tmp/consumer /tmp/alone /tmp/alone-prefix
echo "scratch root: the library builds with a C compiler, CMake and Ninja, and is used"

packages() {
    dpkg-query -W -f '${Package} ${db:Status-Status}\n' | sed -n 's/ installed$//p' | sort
}

packages >/tmp/packages
all_files >/tmp/before
apt-get -qq install -y --no-install-recommends "$folder"/packages/libsimdinet0_*.deb \
    "$folder"/packages/simdinet_*.deb >/tmp/apt.log 2>&1 || die "$(cat /tmp/apt.log)"
ldconfig -p | grep -q 'libsimdinet\.so\.0 ' || die "ldconfig does not list the library"
simdinet --version | grep -q "^simdinet $version " || die "simdinet --version"
printf 'from 10.1.2.3, ::1, 10.1.2.3\n' >/tmp/log
expect '      2 10.1.2.3
      1 ::1' simdinet count /tmp/log
preload=$(dpkg -L simdinet | grep '/simdinet/libsimdinet_preload\.so$') || die "no LD_PRELOAD interposer"
LD_PRELOAD=$preload getent ahosts 192.0.2.1 | grep -q '^192\.0\.2\.1 ' || die "the LD_PRELOAD interposer fails"
[ -e /usr/share/man/man1/simdinet.1.gz ] || die "no manual page"
for package in libsimdinet0 simdinet; do
    [ -z "$(dpkg --verify $package)" ] || die "dpkg --verify $package"
    [ -e /usr/share/doc/$package/copyright ] || die "no copyright of $package"
done
[ ! -e /usr/include/simdinet.h ] || die "headers without libsimdinet-dev"
echo "scratch root: libsimdinet0 and simdinet are installed and run"

apt-get -qq install -y --no-install-recommends "$folder"/packages/libsimdinet-dev_*.deb \
    >/tmp/apt.log 2>&1 || die "$(cat /tmp/apt.log)"
cp -R "$folder/source/tests/build/consumer/c" /tmp/consumer
expect "-lsimdinet" sh -c 'echo $(pkg-config --cflags --libs simdinet)'
make -s -C /tmp/consumer
cmake -S /tmp/consumer -B /tmp/consumer/build >/tmp/consumer.log || die "$(cat /tmp/consumer.log)"
cmake --build /tmp/consumer/build >/tmp/consumer.log || die "$(cat /tmp/consumer.log)"
for program in consumer-shared consumer-static build/consumer-shared build/consumer-static; do
    expect "C $version 2001:db8::1 1" /tmp/consumer/$program
done
ldd /tmp/consumer/build/consumer-shared | grep -q '/usr/lib/.*/libsimdinet\.so\.0\|/lib/.*/libsimdinet\.so\.0' ||
    die "the shared consumer runs with another library"
echo "scratch root: libsimdinet-dev is installed, and programs are built by find_package and pkg-config"

# Purging a package removes its dependents, and dpkg refuses to purge it alone.
! dpkg --purge libsimdinet0 >/tmp/dpkg.log 2>&1 || die "libsimdinet0 was purged although simdinet depends on it"
apt-get -qq purge -y libsimdinet0 >/tmp/apt.log 2>&1 || die "$(cat /tmp/apt.log)"
left=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' '*simdinet*' 2>/dev/null |
    grep -v ' not-installed$' || true)
[ -z "$left" ] || die "still installed after the purge: $left"
# What simdinet depends on was installed with it.
packages | comm -13 /tmp/packages - | xargs -r apt-get -qq purge -y >/tmp/apt.log 2>&1 || die "$(cat /tmp/apt.log)"
all_files >/tmp/after
diff /tmp/before /tmp/after >/tmp/left || die "files differ after the purge: $(cat /tmp/left)"
! ldconfig -p | grep simdinet || die "ldconfig still lists the library"
echo "scratch root: purged without a trace"
