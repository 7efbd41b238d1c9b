#!/bin/bash
# Boots one lab guest under QEMU's software emulation; the process of this script becomes QEMU.
#
# run-guest.sh [options]
#   --connect A      a NIC that connects to A: a Unix socket's path, or HOST:PORT (QEMU `stream`)
#   --listen A       a NIC that listens on A
#   --netdev SPEC    a NIC with QEMU's own -netdev SPEC, without id=
#                    each of these three adds one NIC: eth0, eth1, ...
#   --mac M          MAC of the first NIC (the last octet counts up); the WWPN is 20:00:M (default 52:54:00:aa:00:01)
#   --nic D          virtio_net | e1000 | e1000e | vmxnet3 | 8139cp (default virtio_net)
#   --role R         initiator | target | none (default initiator)      --mode M   fabric | vn2vn (default fabric)
#   --mtu N          MTU of the NICs (default 2500)                      --vlan N   run FCoE on a VLAN
#   --arg K=V        a further lab.K=V, see guest/init                   --append S further kernel command line
#   --channel PATH   a Unix socket that takes commands, one a line; up to three
#   --monitor PATH   QEMU's monitor on a Unix socket
#   --console SPEC   QEMU -serial specification of the console (default stdio, with a shell)
#   --mem MB         (default 384)
#   --tools          the disk with iscsid, iscsiadm, iscsi-test-cu and fio; `tools` in the guest mounts it
#   --qemu ARG       a further argument of QEMU, repeatable
#   --image DIR      where the image is (default as build-image.sh, which is run first)
#   --timeout S      QEMU ends after S seconds (default never)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
IMAGE=
MAC=52:54:00:aa:00:01 NIC=virtio_net MEM=384 CONSOLE=stdio MONITOR=none TIMEOUT= NETS=() CHANNELS=() ARGS=() MORE=() TOOLS=
address() { case $1 in */*) echo "addr.type=unix,addr.path=$1";; *) echo "addr.type=inet,addr.host=${1%:*},addr.port=${1##*:}";; esac; }
while [ $# -gt 0 ]; do
  case $1 in -h|--help) sed -n '2,/^set /p' "$0" | sed '$d;s/^# \{0,1\}//'; exit 0;; esac
  [ "$1" = --tools ] && { TOOLS=1; shift; continue; }
  [ $# -ge 2 ] || { echo "run-guest.sh: $1 needs a value" >&2; exit 2; }
  case $1 in
    --connect) NETS+=("stream,server=off,$(address "$2")");;
    --listen) NETS+=("stream,server=on,$(address "$2")");;
    --netdev) NETS+=("$2");;
    --mac) MAC=$2;; --nic) NIC=$2;; --mem) MEM=$2;; --image) IMAGE=$2;; --timeout) TIMEOUT=$2;;
    --role|--mode|--mtu|--vlan) ARGS+=("lab.${1#--}=$2");;
    --arg) ARGS+=("lab.$2");; --append) ARGS+=("$2");;
    --qemu) MORE+=("$2");;
    --channel) CHANNELS+=("$2");; --console) CONSOLE=$2;; --monitor) MONITOR=unix:$2,server=on,wait=off;;
    *) echo "run-guest.sh: unknown option $1" >&2; exit 2;;
  esac
  shift 2
done
IMAGE=$("$HERE/build-image.sh" ${IMAGE:+"$IMAGE"})
case $NIC in virtio_net) DEVICE=virtio-net-pci;; 8139cp) DEVICE=rtl8139;; *) DEVICE=$NIC;; esac
Q=(qemu-system-x86_64 -M pc -accel tcg -cpu max -smp 1 -m "$MEM" -nodefaults -display none -no-reboot
   -monitor "$MONITOR" -kernel "$IMAGE/vmlinux" -initrd "$IMAGE/initrd.cpio" -serial "$CONSOLE")
i=0 last=$((16#${MAC##*:}))
for n in "${NETS[@]}"; do
  Q+=(-netdev "${n%%,*},id=n$i${n#"${n%%,*}"}"
      -device "$DEVICE,romfile=,netdev=n$i,mac=$(printf '%s:%02x' "${MAC%:*}" $((last + i)))")
  i=$((i + 1))
done
ttys=
for c in "${CHANNELS[@]}"; do
  Q+=(-serial "unix:$c,server=on,wait=off")
  ttys+="${ttys:+,}ttyS$(( ${#ttys} ? $(tr -cd , <<< "$ttys" | wc -c) + 2 : 1 ))"
done
ARGS+=("lab.nic=$NIC" "lab.nics=${#NETS[@]}" ${ttys:+"lab.channels=$ttys"})
# Quiet, and nothing that costs time under emulation: no signatures, no self-tests, no calibration.
QUIET="console=ttyS0 quiet nokaslr mitigations=off tsc=reliable no_timer_check cryptomgr.notests audit=0"
QUIET+=" apparmor=0 nowatchdog random.trust_cpu=on panic=-1"
Q+=(-append "$QUIET ${ARGS[*]}")
[ -n "$TOOLS" ] && Q+=(-drive "file=$IMAGE/tools.ext4,if=none,id=tools,format=raw,readonly=on"
  -device virtio-blk-pci,drive=tools,serial=tools)
Q+=("${MORE[@]}")
[ -n "$TIMEOUT" ] && exec timeout --foreground -k 5 "$TIMEOUT" "${Q[@]}"
exec "${Q[@]}"
