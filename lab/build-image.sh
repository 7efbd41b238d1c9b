#!/bin/bash
# Builds what a guest boots: Debian's kernel and an initramfs with the FCoE stack and its tools.
#
# Usage: build-image.sh [OUTDIR]
#   OUTDIR defaults to $SANMOTION_LAB, else to a folder in ${XDG_CACHE_HOME:-~/.cache}/sanmotion-lab that is
#   named after what the image is made from. It is printed; nothing is built when the image is there.
# Environment: KERNEL_PACKAGE=linux-image-...  another kernel package of the archive
#
# Writes to OUTDIR:
#   vmlinux      the uncompressed kernel (boots through PVH, which saves the decompression)
#   initrd.cpio  busybox, modules, sg3-utils, fipvlan, e2fsprogs, multipath-tools, stamp, load
#   tools.ext4   a read-only disk with open-iscsi, libiscsi, mkfs.xfs, fio, ddpt and more of sg3-utils, which would fill the initramfs
#   made-from    package, and a digest of the files the image was made from
#
# Needs Debian 12 on x86-64. What is missing of HOST_PACKAGES is installed when this runs as root, else
# named. Packages for the guest are downloaded and unpacked, never installed. 10 to 60 s, 230 MB.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
DIGEST=$(cat "$HERE/build-image.sh" "$HERE"/guest/* | sha256sum | cut -c1-16)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/sanmotion-lab
OUT=${1:-${SANMOTION_LAB:-$CACHE/$DIGEST}}

# QEMU, what builds the image, and what the tests look at frames with.
HOST_PACKAGES="qemu-system-x86 seabios cpio xz-utils zstd kmod gcc libc6-dev e2fsprogs tshark socat iproute2"
GUEST_PACKAGES="busybox-static sg3-utils libsgutils2-1.46-2 fcoe-utils libpciaccess0
  e2fsprogs libext2fs2 libss2 libcom-err2 libblkid1 libuuid1
  multipath-tools kpartx dmsetup libdevmapper1.02.1 libedit2 libbsd0 libmd0 libtinfo6 libreadline8 libaio1
  libjson-c5 libsystemd0 libudev1 liburcu8 libselinux1 libpcre2-8-0 libcap2 libgcrypt20 libgpg-error0
  liblzma5 libzstd1 liblz4-1 libgcc-s1 zlib1g libmount1"
TOOL_PACKAGES="open-iscsi libopeniscsiusr libisns0 libkmod2 libssl3 libiscsi-bin libiscsi7 libcunit1
  fio librados2 librbd1 libgfapi0 libgfrpc0 libgfxdr0 libglusterfs0 libibverbs1 librdmacm1 libnbd0 libnuma1
  libpmem1 libpmemblk1 libdaxctl1 libndctl6 libnl-3-200 libnl-route-3-200
  libboost-thread1.74.0 libboost-iostreams1.74.0 libcryptsetup12 libgnutls30 libcurl4 libxml2 libicu72 libnghttp2-14
  libidn2-0 librtmp1 libssh2-1 libpsl5 libgssapi-krb5-2 libldap-2.5-0 libbrotli1 libtirpc3 libp11-kit0 libunistring2
  libtasn1-6 libnettle8 libhogweed6 libgmp10 libkrb5-3 libk5crypto3 libkrb5support0 libkeyutils1 libsasl2-2
  libargon2-1 libffi8 libbz2-1.0 xfsprogs libinih1 ddpt"
TOOLS="iscsid iscsiadm iscsistart iscsi-test-cu fio mkfs.xfs ddpt ddptctl sg_stpg sg_logs sg_xcopy sg_copy_results
  sg_compare_and_write sg_write_verify sg_verify sg_ident sg_rtpg sg_timestamp"
PROGRAMS="sg_raw sg_persist sg_inq sg_luns sg_vpd sg_readcap sg_turs sg_reset sg_opcodes sg_write_same
  sg_unmap sg_get_lba_status sg_sync sg_rtpg sg_dd sg_modes fipvlan mke2fs e2fsck dumpe2fs multipath multipathd dmsetup"
# Module sets, each inserted by `ins SET`.
declare -A SETS=(
  [nic-virtio_net]="virtio_pci virtio_net" [nic-e1000]=e1000 [nic-e1000e]=e1000e [nic-vmxnet3]=vmxnet3
  [nic-8139cp]=8139cp [vlan]=8021q
  [initiator]="libfcoe fcoe sd_mod sg crc32c_generic"
  [target]="configfs target_core_mod target_core_file target_core_iblock tcm_fc"
  [multipath]="dm-mod dm-multipath dm-round-robin dm-service-time scsi_dh_alua"
  [ext4]="crc32c_generic ext4"
  [iscsi]="crc32c_generic iscsi_tcp sd_mod sg"
  [lio]="crc32c_generic configfs target_core_mod iscsi_target_mod"
  [nfs]="nfs nfsv3 nfsv4"
  [pnfs]=blocklayoutdriver
  [nfsd]="xfs nfsd"
  [vblk]="virtio_pci virtio_blk"
)

fail() { echo "build-image.sh: $*" >&2; exit 1; }
is_made() { [ -s "$OUT/vmlinux" ] && [ -s "$OUT/initrd.cpio" ] && [ -s "$OUT/tools.ext4" ] && grep -qsx "digest $DIGEST" "$OUT/made-from"; }

install_host_packages() {
  local missing=() p present
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || fail "needs Debian 12 (no apt-get here)"
  [ "$(dpkg --print-architecture)" = amd64 ] || fail "needs an amd64 Debian"
  # shellcheck disable=SC2086
  present=$(dpkg-query -W -f='${Package} ${Status}\n' $HOST_PACKAGES 2>/dev/null | sed -n 's/ install ok installed$//p') || true
  for p in $HOST_PACKAGES; do grep -qx "$p" <<< "$present" || missing+=("$p"); done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" = 0 ] || fail "install as root first: apt-get install --no-install-recommends ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=600 -qq update >&2 || fail "apt-get update failed"
  apt-get -o DPkg::Lock::Timeout=600 -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "could not install ${missing[*]}"
}

# download PACKAGE...: into $TMP/debs, after an update where the lists are old or absent.
download() {
  ( cd "$TMP/debs" && { apt-get -o APT::Sandbox::User=root -qq download "$@" >/dev/null 2>&1 ||
    { apt-get -qq update >&2; apt-get -o APT::Sandbox::User=root -qq download "$@" >&2; }; } ) ||
    fail "could not download $*"
}

kernel_package() { apt-cache depends linux-image-amd64 2>/dev/null | awk '/Depends: linux-image-/{print $2; exit}'; }

# The kernel inside the bzImage, by the boot protocol's fields at 0x1f1, 0x248 and 0x24c.
unpack_kernel() { # unpack_kernel BZIMAGE VMLINUX
  local sectors offset bytes
  field() { od -An -t "$3" -j "$1" -N "$2" "$4" | tr -d ' '; }
  sectors=$(field 497 1 u1 "$1"); offset=$(field 584 4 u4 "$1"); bytes=$(field 588 4 u4 "$1")
  # The payload ends in 4 bytes of length that the decompressors do not know.
  tail -c +$(((sectors + 1) * 512 + offset + 1)) "$1" | head -c $((bytes - 4)) > "$TMP/payload" || true
  case $(field 0 4 x1 "$TMP/payload") in
    fd377a58) xz -dc --single-stream < "$TMP/payload" > "$2";;
    28b52ffd) zstd -dcq < "$TMP/payload" > "$2";;
    1f8b*) gzip -dc < "$TMP/payload" > "$2";;
    *) fail "unknown compression of the kernel in $1";;
  esac
}

# Checking a module's signature costs seconds under emulation.
strip_signature() {
  local size; size=$(stat -c %s "$1")
  [ "$(tail -c 28 "$1" | tr -d '\n')" = "~Module signature appended~" ] || return 0
  truncate -s $((size - 40 - $(od -An -t u4 --endian=big -j $((size - 32)) -N 4 "$1" | tr -d ' '))) "$1"
}

add_modules() { # into $ROOT/modules, with a list per set in the order of insertion
  local set module file base
  for set in "${!SETS[@]}"; do
    : > "$ROOT/modules/$set.list"
    for module in ${SETS[$set]}; do
      modprobe -d "$KERNEL" -S "$RELEASE" --show-depends "$module" 2>/dev/null | awk '$1=="insmod"{print $2}' |
        while read -r file; do
          base=$(basename "$file")
          [ -e "$ROOT/modules/$base" ] || { cp "$file" "$ROOT/modules/"; strip_signature "$ROOT/modules/$base"; }
          grep -qx "$base" "$ROOT/modules/$set.list" || echo "$base" >> "$ROOT/modules/$set.list"
        done
    done
  done
}

# programs BIN LIBRARIES NAME...: copies them out of the packages, with the libraries that they need.
programs() {
  local name file lib bin=$1 libs=$2 path=$UNPACKED/lib/x86_64-linux-gnu:$UNPACKED/usr/lib/x86_64-linux-gnu:$UNPACKED/lib
  shift 2
  mkdir -p "$bin" "$libs" "$ROOT/lib64"
  for name in "$@"; do
    file=$(find "$UNPACKED"/{bin,sbin,usr/bin,usr/sbin} -name "$name" 2>/dev/null | head -1)
    [ -n "$file" ] || fail "no program $name in the packages"
    cp -L "$file" "$bin/"
    LD_LIBRARY_PATH=$path ldd "$file" | grep -q 'not found' && fail "$name: a library is missing: $(LD_LIBRARY_PATH=$path ldd "$file" | grep 'not found' | tr -s '\t\n' ' ')"
    LD_LIBRARY_PATH=$path ldd "$file" | grep -o '/[^ ]*' | while read -r lib; do
      case $lib in */ld-linux-*) cp -Ln "$lib" "$ROOT/lib64/" || true;; *) cp -Ln "$lib" "$libs/" || true;; esac
    done
  done
}

add_programs() {
  local name libs=$ROOT/lib/x86_64-linux-gnu
  # shellcheck disable=SC2086
  programs "$ROOT/bin" "$libs" $PROGRAMS
  # multipathd ends its threads through this one, which it loads by itself.
  cp -L "$UNPACKED/lib/x86_64-linux-gnu/libgcc_s.so.1" "$libs/"
  mkdir -p "$ROOT/lib/multipath"
  cp "$UNPACKED"/lib/multipath/lib{checktur,checkdirectio,prioconst,prioalua}.so "$ROOT/lib/multipath/"
  cp "$UNPACKED/etc/mke2fs.conf" "$ROOT/etc/"
  cp "$UNPACKED/bin/busybox" "$ROOT/bin/"
  ln -s mke2fs "$ROOT/bin/mkfs.ext4"
  for name in stamp load; do
    gcc -O2 -static -Wall -Werror -s -o "$ROOT/bin/$name" "$HERE/guest/$name.c"
  done
  cp "$HERE/guest/multipath.conf" "$ROOT/etc/"
  cp "$HERE/guest/init" "$ROOT/init"
  cp "$HERE/guest/functions.sh" "$ROOT/lib/functions.sh"
  chmod 755 "$ROOT/init"
}

install_host_packages
is_made && { echo "$OUT"; exit 0; }
mkdir -p "$OUT"
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
chmod 755 "$TMP"
ROOT=$TMP/root UNPACKED=$TMP/unpacked KERNEL=$TMP/kernel
mkdir -p "$TMP/debs" "$KERNEL" "$UNPACKED" \
  "$ROOT"/{bin,sbin,proc,sys,dev,tmp,run,mnt,modules,lib,usr/bin,usr/sbin,etc/fcoe,etc/iscsi,etc/target/pr,var/target/pr}

PACKAGE=${KERNEL_PACKAGE:-$(kernel_package)}
[ -n "$PACKAGE" ] || { apt-get -qq update >&2; PACKAGE=$(kernel_package); }
[ -n "$PACKAGE" ] || fail "apt-cache knows no linux-image-amd64"
download "$PACKAGE"
dpkg -x "$TMP"/debs/*.deb "$KERNEL"
rm "$TMP"/debs/*.deb
RELEASE=$(ls "$KERNEL/lib/modules")
depmod -b "$KERNEL" "$RELEASE" 2>/dev/null
unpack_kernel "$KERNEL/boot/vmlinuz-$RELEASE" "$TMP/vmlinux"
# shellcheck disable=SC2086
download $GUEST_PACKAGES $TOOL_PACKAGES
for deb in "$TMP"/debs/*.deb; do dpkg -x "$deb" "$UNPACKED"; done
add_modules
add_programs
# shellcheck disable=SC2086
programs "$TMP/tools/bin" "$TMP/tools/lib" $TOOLS
gcc -O2 -shared -fPIC -Wall -Werror -s -o "$TMP/tools/lib/ddpt-ranges.so" "$HERE/guest/ddpt-ranges.c"
truncate -s $(($(du -sm "$TMP/tools" | cut -f1) + 16))M "$TMP/tools.ext4"
mke2fs -q -t ext4 -O ^has_journal -E root_owner=0:0 -d "$TMP/tools" "$TMP/tools.ext4"
( cd "$ROOT" && find . | sort | cpio -o -H newc --quiet -R 0:0 ) > "$TMP/initrd.cpio"
# Beside the place first: a run that reads the old image never sees half of the new one.
for f in vmlinux initrd.cpio tools.ext4; do cp "$TMP/$f" "$OUT/.$f.$$" && mv "$OUT/.$f.$$" "$OUT/$f"; done
printf 'kernel %s\ndigest %s\n' "$PACKAGE" "$DIGEST" > "$OUT/made-from"
# Images of other versions of these files that nobody made again for a week.
find "$CACHE" -mindepth 2 -maxdepth 2 -name made-from -mtime +7 -print 2>/dev/null |
  while read -r f; do rm -r "$(dirname "$f")"; done || true
echo "lab image: $PACKAGE, $(du -sh "$OUT" | cut -f1)" >&2
echo "$OUT"
