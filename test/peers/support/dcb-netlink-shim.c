/*
 * Answers the netlink commands of data center bridging for devices that have none: preloaded into lldpad, which
 * otherwise speaks no DCBX on a tap or veth. What lldpad sets is taken, and of that applications are kept; what it asks for
 * is the least that it needs: eight classes, IEEE and CEE, by the host.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/dcbnl.h>
#define FDS 1024
static struct { int len; unsigned char b[4096]; } pend[FDS];
static unsigned char state = 1;
static struct dcb_app apps[16]; static int appCount;
static void keep(const struct nlattr *a, int left) { /* lldpad tells its peer the applications that the device has */
  for (; left >= NLA_HDRLEN && a->nla_len >= NLA_HDRLEN && a->nla_len <= left; left -= NLA_ALIGN(a->nla_len), a = (void *)((char *)a + NLA_ALIGN(a->nla_len))) {
    int type = a->nla_type & NLA_TYPE_MASK; const struct nlattr *in = (void *)((char *)a + NLA_HDRLEN);
    if (type == DCB_ATTR_IEEE_APP && a->nla_len == NLA_HDRLEN + sizeof *apps && appCount < 16) memcpy(&apps[appCount++], in, sizeof *apps);
    else if (type == DCB_ATTR_IEEE_APP_TABLE) keep(in, a->nla_len - NLA_HDRLEN);
  }
}
static void keepIn(const struct nlmsghdr *q) {
  const struct nlattr *a = (void *)((char *)NLMSG_DATA(q) + NLMSG_ALIGN(sizeof(struct dcbmsg))); int left = q->nlmsg_len - NLMSG_LENGTH(sizeof(struct dcbmsg));
  for (; left >= NLA_HDRLEN && a->nla_len >= NLA_HDRLEN && a->nla_len <= left; left -= NLA_ALIGN(a->nla_len), a = (void *)((char *)a + NLA_ALIGN(a->nla_len)))
    if ((a->nla_type & NLA_TYPE_MASK) == DCB_ATTR_IEEE) keep((void *)((char *)a + NLA_HDRLEN), a->nla_len - NLA_HDRLEN);
}
static void put(unsigned char *m, int type, const void *d, int n) {
  struct nlmsghdr *h = (void *)m; struct nlattr *a = (void *)(m + h->nlmsg_len);
  a->nla_type = type; a->nla_len = NLA_HDRLEN + n; if (n) memcpy((char *)a + NLA_HDRLEN, d, n);
  h->nlmsg_len += NLA_ALIGN(a->nla_len);
}
static int answer(int fd, const void *buf, size_t n) {
  const struct nlmsghdr *q = buf;
  if (fd < 0 || fd >= FDS || n < NLMSG_LENGTH(sizeof(struct dcbmsg))) return 0;
  if (q->nlmsg_type != RTM_GETDCB && q->nlmsg_type != RTM_SETDCB) return 0;
  const struct dcbmsg *d = NLMSG_DATA(q); unsigned char *m = pend[fd].b; struct nlmsghdr *h = (void *)m;
  if (d->cmd == DCB_CMD_GPERM_HWADDR) return 0;
  memset(m, 0, sizeof pend[fd].b); *h = *q; h->nlmsg_flags = 0; h->nlmsg_len = NLMSG_LENGTH(sizeof *d); *(struct dcbmsg *)NLMSG_DATA(h) = *d;
  unsigned char z = 0, v; struct nlattr *nest, *table;
#define NEST(t) (nest = (void *)(m + h->nlmsg_len), put(m, t, 0, 0))
#define END nest->nla_len = m + h->nlmsg_len - (unsigned char *)nest
#define U8(t, x) (v = (x), put(m, t, &v, 1))
  switch (d->cmd) {
  case DCB_CMD_GSTATE: U8(DCB_ATTR_STATE, state); break;
  case DCB_CMD_SSTATE: put(m, DCB_ATTR_STATE, &z, 1); break;
  case DCB_CMD_PFC_SCFG: put(m, DCB_ATTR_PFC_CFG, &z, 1); break;
  case DCB_CMD_PFC_SSTATE: put(m, DCB_ATTR_PFC_STATE, &z, 1); break;
  case DCB_CMD_PGTX_SCFG: case DCB_CMD_PGRX_SCFG: put(m, DCB_ATTR_PG_CFG, &z, 1); break;
  case DCB_CMD_SAPP: put(m, DCB_ATTR_APP, &z, 1); break;
  case DCB_CMD_SET_ALL: U8(DCB_ATTR_SET_ALL, 1); break; /* 0 would be a link reset to come */
  case DCB_CMD_SDCBX: put(m, DCB_ATTR_DCBX, &z, 1); break;
  case DCB_CMD_GDCBX: U8(DCB_ATTR_DCBX, DCB_CAP_DCBX_HOST | DCB_CAP_DCBX_VER_CEE | DCB_CAP_DCBX_VER_IEEE); break;
  case DCB_CMD_GCAP: NEST(DCB_ATTR_CAP); U8(DCB_CAP_ATTR_PG, 1); U8(DCB_CAP_ATTR_PFC, 1); U8(DCB_CAP_ATTR_UP2TC, 0); U8(DCB_CAP_ATTR_PG_TCS, 0x80); U8(DCB_CAP_ATTR_PFC_TCS, 0x80); U8(DCB_CAP_ATTR_GSP, 1); U8(DCB_CAP_ATTR_DCBX, DCB_CAP_DCBX_HOST | DCB_CAP_DCBX_VER_CEE | DCB_CAP_DCBX_VER_IEEE); END; break;
  case DCB_CMD_GNUMTCS: NEST(DCB_ATTR_NUMTCS); U8(DCB_NUMTCS_ATTR_PG, 8); U8(DCB_NUMTCS_ATTR_PFC, 8); END; break;
  case DCB_CMD_IEEE_GET: { struct ieee_ets e; struct ieee_pfc p; memset(&e, 0, sizeof e); memset(&p, 0, sizeof p); e.ets_cap = 8; p.pfc_cap = 8; NEST(DCB_ATTR_IEEE); put(m, DCB_ATTR_IEEE_ETS, &e, sizeof e); put(m, DCB_ATTR_IEEE_PFC, &p, sizeof p); table = (void *)(m + h->nlmsg_len); put(m, DCB_ATTR_IEEE_APP_TABLE, 0, 0); for (int i = 0; i < appCount; i++) put(m, DCB_ATTR_IEEE_APP, &apps[i], sizeof *apps); table->nla_len = m + h->nlmsg_len - (unsigned char *)table; END; break; }
  case DCB_CMD_IEEE_SET: keepIn(q); put(m, DCB_ATTR_IEEE, &z, 1); break;
  case DCB_CMD_IEEE_DEL: put(m, DCB_ATTR_IEEE, &z, 1); break;
  default: return 0;
  }
  pend[fd].len = h->nlmsg_len; return 1;
}
ssize_t sendto(int fd, const void *b, size_t n, int f, const struct sockaddr *a, socklen_t l) {
  static ssize_t (*r)(int, const void *, size_t, int, const struct sockaddr *, socklen_t); if (!r) r = dlsym(RTLD_NEXT, "sendto");
  if (a && a->sa_family == AF_NETLINK && answer(fd, b, n)) return n; return r(fd, b, n, f, a, l);
}
ssize_t sendmsg(int fd, const struct msghdr *h, int f) {
  static ssize_t (*r)(int, const struct msghdr *, int); if (!r) r = dlsym(RTLD_NEXT, "sendmsg");
  const struct sockaddr *a = h->msg_name; if (a && a->sa_family == AF_NETLINK && h->msg_iovlen >= 1 && answer(fd, h->msg_iov[0].iov_base, h->msg_iov[0].iov_len)) return h->msg_iov[0].iov_len;
  return r(fd, h, f);
}
ssize_t recv(int fd, void *b, size_t n, int f) {
  static ssize_t (*r)(int, void *, size_t, int); if (!r) r = dlsym(RTLD_NEXT, "recv");
  if (fd >= 0 && fd < FDS && pend[fd].len) { int l = pend[fd].len; memcpy(b, pend[fd].b, l < (int)n ? l : (int)n); pend[fd].len = 0; return l; }
  return r(fd, b, n, f);
}
ssize_t recvmsg(int fd, struct msghdr *h, int f) {
  static ssize_t (*r)(int, struct msghdr *, int); if (!r) r = dlsym(RTLD_NEXT, "recvmsg");
  if (fd >= 0 && fd < FDS && pend[fd].len) {
    int l = pend[fd].len, n = h->msg_iovlen ? h->msg_iov[0].iov_len : 0; if (n) memcpy(h->msg_iov[0].iov_base, pend[fd].b, l < n ? l : n);
    if (h->msg_name) { struct sockaddr_nl s = {.nl_family = AF_NETLINK}; memcpy(h->msg_name, &s, sizeof s); h->msg_namelen = sizeof s; }
    h->msg_flags = l > n ? MSG_TRUNC : 0; h->msg_controllen = 0; if (!(f & MSG_PEEK)) pend[fd].len = 0; return (f & MSG_TRUNC) || l <= n ? l : n;
  }
  return r(fd, h, f);
}
/* A tap device has no operational state: made dormant while CEE is agreed on, it would be taken for down. */
ssize_t send(int fd, const void *b, size_t n, int f) {
  static ssize_t (*r)(int, const void *, size_t, int); if (!r) r = dlsym(RTLD_NEXT, "send");
  const struct nlmsghdr *q = b; int domain = 0; socklen_t l = sizeof domain;
  if (fd < 0 || fd >= FDS || n < NLMSG_LENGTH(sizeof(struct ifinfomsg)) || getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &l) || domain != AF_NETLINK || q->nlmsg_type != RTM_SETLINK) return r(fd, b, n, f);
  struct nlmsghdr *h = (void *)pend[fd].b; struct nlmsgerr *e = NLMSG_DATA(h);
  memset(h, 0, NLMSG_LENGTH(sizeof *e)); h->nlmsg_len = NLMSG_LENGTH(sizeof *e); h->nlmsg_type = NLMSG_ERROR; h->nlmsg_seq = q->nlmsg_seq; e->msg = *q;
  pend[fd].len = h->nlmsg_len; return n;
}
