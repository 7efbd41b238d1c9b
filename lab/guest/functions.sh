# Shell helpers of the lab guest, for /init and for commands.
up()  { cut -d' ' -f1 /proc/uptime; }
say() { echo "LAB[$(up)] $*"; }
arg() { # arg NAME [DEFAULT]: lab.NAME of the kernel command line
  local v
  v=$(tr ' ' '\n' < /proc/cmdline | sed -n "s/^lab\.$1=//p")
  echo "${v:-$2}"
}
ins() { # ins SET: inserts a set of modules, those not yet loaded
  local m n
  while read -r m; do
    n=$(echo "${m%.ko}" | tr - _)
    [ -d "/sys/module/$n" ] && continue
    # shellcheck disable=SC2046
    insmod "/modules/$m" $(tr ' ' '\n' < /proc/cmdline | sed -n "s/^$n\.//p") || say "insmod $m failed"
  done < "/modules/$1.list"
}
tools() { # mounts the disk of `run-guest.sh --tools`: iscsid, iscsiadm, iscsistart, iscsi-test-cu, fio
  local d
  [ -e /tools/bin/fio ] && return
  ins vblk; ins ext4
  for d in /sys/block/vd*; do
    [ "$(cat "$d/serial" 2>/dev/null)" = tools ] && mkdir -p /tools && mount -t ext4 -o ro "/dev/${d##*/}" /tools && return
  done
  say "no disk with tools"; return 1
}
with() { LD_LIBRARY_PATH=/tools/lib PATH=$PATH:/tools/bin "$@"; } # with TOOL...: runs one of them
ip_up() { # ip_up [ETH]: the address that QEMU's own network expects; the host is 10.0.2.2
  ip addr add 10.0.2.15/24 dev "${1:-eth0}" && ip route add default via 10.0.2.2
}
channel() { # channel TTY: runs what comes in, one command a line
  exec < "$1" > "$1" 2>&1   # open all the time: the last close would reset the port
  stty 115200 -echo -onlcr
  echo "@ready"
  # Each command in its own shell, so that `exit` ends the command and not the channel.
  while IFS= read -r l; do ( eval "$l" ) < /dev/null; echo "@rc $?"; done
}
each_nic() { local i=0; while [ $i -lt "$NICS" ]; do "$1" eth$i; i=$((i+1)); done; }
nic_up() { # nic_up ETH: MTU, VLAN and link
  local n=$1
  wait_for 5 "[ -e /sys/class/net/$n ]"
  ip link set "$n" mtu "$MTU" || say "mtu $MTU refused on $n"
  echo 1 > "/proc/sys/net/ipv6/conf/$n/disable_ipv6"
  ip link set "$n" up
  [ -n "$VLAN" ] && vlan_up "$n" "$VLAN"
}
vlan_up() { # vlan_up ETH VLAN
  ins vlan
  ip link add link "$1" name "$1.$2" type vlan id "$2" && ip link set "$1.$2" mtu "$MTU"
  echo 1 > "/proc/sys/net/ipv6/conf/$1.$2/disable_ipv6"
  ip link set "$1.$2" up
}
fcoe_up() { # fcoe_up ETH: makes and enables an FCoE controller
  local n=$1 c
  [ -n "$VLAN" ] && n=$n.$VLAN
  echo "$n" > /sys/bus/fcoe/ctlr_create || { say "no FCoE controller on $n"; return 1; }
  c=$(ls -d /sys/bus/fcoe/devices/ctlr_* | sort -V | tail -1)
  [ "$MODE" = vn2vn ] && echo VN2VN > "$c/mode"
  echo 1 > "$c/enabled"
}
wait_for() { # wait_for SECONDS COMMAND...: until the command succeeds
  local n=$(( $1 * 20 )); shift
  while [ $n -gt 0 ]; do eval "$*" >/dev/null 2>&1 && return 0; usleep 50000; n=$((n-1)); done
  say "timed out waiting for: $*"; return 1
}
hosts() { ls -d /sys/class/fc_host/host* 2>/dev/null | sort -V; }
online() { grep -lx Online /sys/class/fc_host/*/port_state 2>/dev/null | wc -l; }
disks() { ls /sys/block | grep '^sd' | sort -V; }
wait_online() { wait_for "${1:-60}" '[ "$(online)" -ge '"${2:-1}"' ]'; }
wait_disks() { wait_for "${1:-60}" '[ "$(disks | wc -l)" -ge '"${2:-1}"' ]'; }
# A process costs milliseconds under emulation: what a move waits for starts none.
await() { # await SECONDS MS COMMAND...: until the command succeeds, each 1 to 9 ms
  local limit=$(( ${EPOCHREALTIME%.*} + $1 )) ms=$2; shift 2
  until eval "$*"; do
    [ "${EPOCHREALTIME%.*}" -gt $limit ] && return 1
    read -r -t "0.00$ms" _ <> /tmp/never
  done
  return 0
}
by_wwn() { # by_wwn: links disks under the names that udev makes of their identifiers
  local d w
  mkdir -p /dev/disk/by-id
  for d in $(disks); do
    w=$(cat "/sys/block/$d/device/wwid")
    ln -sf "/dev/$d" "/dev/disk/by-id/wwn-0x${w#naa.}"
  done
}
find_host() { # find_host WWPN: sets HOST to the hostN of the FC port with this name (16 hexadecimal digits)
  local n
  for HOST in /sys/class/fc_host/host*; do
    HOST=${HOST##*/}
    read -r n 2>/dev/null < "/sys/class/fc_host/$HOST/port_name" && [ "$n" = "0x$1" ] && return 0
  done
  return 1
}
find_disks() { # find_disks [COUNT]: sets DISKS to a line "sdX H:C:T:L SECTORS WWID" for each disk behind HOST
  local d a s w n=0
  DISKS=
  for d in /sys/class/scsi_disk/"${HOST#host}":*/device/block/sd*; do
    [ -e "$d/bdi" ] || continue   # the last that the kernel makes before the disk can be opened
    a=${d%/device/block/*} w=
    read -r s 2>/dev/null < "$d/size" || continue
    read -r w 2>/dev/null < "$d/device/wwid"
    n=$((n+1)) DISKS="$DISKS${DISKS:+
}${d##*/} ${a##*/} $s $w"
  done
  [ $n -ge "${1:-1}" ]
}
host_of() { find_host "$1" && echo "$HOST"; }
disk_of() { find_host "$1" && find_disks && echo "${DISKS%% *}"; } # the first sdX behind this FC port
vport_add() { # vport_add WWPN [HOST]: on the first FC host
  echo "$1:1${1#?}" > "/sys/class/fc_host/${2:-$(basename "$(hosts | head -1)")}/vport_create"
}
vport_del() { # vport_del WWPN
  local h
  for h in /sys/class/fc_host/host*; do
    [ -e "$h/vport_delete" ] && echo "$1:1${1#?}" 2>/dev/null > "$h/vport_delete" && return 0
  done
  return 1
}
vports_add() { # vports_add WWPN=HOST...: all at once; those that are there stay
  local p
  for p in "$@"; do find_host "${p%=*}" || vport_add "${p%=*}" "${p#*=}" & done; wait
  for p in "$@"; do find_host "${p%=*}" || { echo "no vport ${p%=*} on ${p#*=}"; return 1; }; done
}
vports_disks() { # vports_disks SECONDS WWPN=COUNT...: their disks, as many as there are in time
  local limit=$1 p; shift
  for p in "$@"; do
    DISKS=
    # Each look costs the guest a millisecond, which its kernel would have for the same disks.
    find_host "${p%=*}" && await "$limit" 5 find_disks "${p#*=}"
    echo "@port ${p%=*}
$DISKS"
  done
}
vports_disable() { # vports_disable WWPN...: all at once
  local v w n
  for v in /sys/class/fc_vports/*; do
    read -r n 2>/dev/null < "$v/port_name" || continue
    for w in "$@"; do [ "$n" = "0x$w" ] && echo 1 > "$v/vport_disable" & done
  done
  wait
}
vports_del() { # vports_del WWPN...: all at once, as far as the kernel does more than one
  local w
  for w in "$@"; do vport_del "$w" & done; wait
}
vport_state() { # vport_state WWPN
  local v
  for v in /sys/class/fc_vports/*; do
    [ "$(cat "$v/port_name" 2>/dev/null)" = "0x$1" ] && { cat "$v/vport_state"; return 0; }
  done
  return 1
}
vport_disk() { # vport_disk WWPN [SECONDS]: the sdX behind it, waiting for it
  wait_for "${2:-30}" disk_of "$1" >/dev/null && disk_of "$1"
}
mpath_up() { # a dm-multipath map over the disks that are there; multipathd in the background
  local d
  ins multipath; mkdir -p /run/udev/data /dev/mapper
  for d in /sys/block/sd*; do echo I:1 > "/run/udev/data/b$(cat "$d/dev")"; done   # no udevd: "initialized"
  multipath -v1 && dmsetup mknodes && multipathd 2>/tmp/multipathd.err
  wait_for 20 'multipathd show paths raw format %t | grep -q active' || { cat /tmp/multipathd.err; return 1; }
}
paths() { multipathd show paths raw format "%d %t %T %S" 2>/dev/null; }
show() { # FC hosts, vports, remote ports, FCFs and disks
  local f
  for f in $(hosts); do
    echo "$(basename "$f") $(cat "$f/port_state") $(cat "$f/port_name") id=$(cat "$f/port_id") fabric=$(cat "$f/fabric_name") npiv=$(cat "$f/npiv_vports_inuse" 2>/dev/null)"
  done
  for f in /sys/class/fc_remote_ports/*; do
    # The fabric's name server is one too, and comes and goes.
    grep -qs 'Directory Server' "$f/roles" && continue
    [ -e "$f/port_name" ] && echo "$(basename "$f") $(cat "$f/port_state") $(cat "$f/port_name") id=$(cat "$f/port_id") roles=$(cat "$f/roles")"
  done
  for f in /sys/class/fc_vports/*; do
    [ -e "$f/vport_state" ] && echo "$(basename "$f") $(cat "$f/vport_state") $(cat "$f/port_name")"
  done
  for f in /sys/bus/fcoe/devices/fcf_*; do
    [ -e "$f/state" ] && echo "$(basename "$f") $(cat "$f/state") mac=$(cat "$f/mac") fabric=$(cat "$f/fabric_name")"
  done
  for f in /sys/block/sd*; do
    [ -e "$f/size" ] && echo "$(basename "$f") $(cat "$f/device/state") sectors=$(cat "$f/size") $(cat "$f/device/vendor") $(cat "$f/device/model")"
  done
}
target_setup() { # LIO by hand: one LUN in memory behind all NICs, for the initiators named by lab.acl
  local c=/sys/kernel/config/target d w a i=0
  d=$c/core/rd_mcp_0/disk0
  mkdir -p "$c/fc" "$d"
  echo "rd_pages=$(( $(arg size 64) * 256 ))" > "$d/control"
  echo 1 > "$d/enable"
  echo lab00000 > "$d/wwn/vpd_unit_serial"
  while [ $i -lt "$NICS" ]; do
    w=$c/fc/20:00:$(cat "/sys/class/net/eth$i/address")/tpgt_1   # fcoe.ko: NAA 2, then the MAC
    mkdir -p "$w/lun/lun_0"
    ln -s "$d" "$w/lun/lun_0/disk0"
    for a in $(arg acl | tr , ' '); do
      mkdir -p "$w/acls/$a/lun_0"
      ln -s "$w/lun/lun_0" "$w/acls/$a/lun_0/lun_0"
    done
    i=$((i+1))
  done
  say "target $(ls $c/fc | tr '\n' ' ')lun 0: $(arg size 64) MiB"
}
lio_disk() { # lio_disk NAME MIB: a unit of LIO in memory
  local d=/sys/kernel/config/target/core/rd_mcp_0/$1
  ins lio; mount -t configfs cfg /sys/kernel/config 2>/dev/null
  mkdir -p "$d" && echo "rd_pages=$(($2 * 256))" > "$d/control" && echo 1 > "$d/enable"
  echo "$1" > "$d/wwn/vpd_unit_serial"
}
lio_up() { # lio_up IQN DISK [USER SECRET [USER SECRET]]: DISK as LUN 0 on port 3260; CHAP, the other way too
  local t=/sys/kernel/config/target/iscsi/$1/tpgt_1 a chap=0
  [ -n "$3" ] && chap=1
  mkdir -p "$t/lun/lun_0" "$t/np/0.0.0.0:3260" || return 1
  ln -s "/sys/kernel/config/target/core/rd_mcp_0/$2" "$t/lun/lun_0/disk"
  for a in generate_node_acls=1 cache_dynamic_acls=1 demo_mode_write_protect=0 authentication=$chap; do
    echo "${a#*=}" > "$t/attrib/${a%=*}"
  done
  for a in HeaderDigest DataDigest; do echo CRC32C,None > "$t/param/$a"; done
  [ -n "$3" ] && { printf %s "$3" > "$t/auth/userid"; printf %s "$4" > "$t/auth/password"; }
  [ -n "$5" ] && { printf %s "$5" > "$t/auth/userid_mutual"; printf %s "$6" > "$t/auth/password_mutual"; }
  echo 1 > "$t/enable"
}
