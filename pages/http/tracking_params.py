"""Words that newsletters, social networks and caches append to an address: no choice of ours. Pure."""

from urllib.parse import unquote_plus

# What campaigns and click counters call their words; each of these beginnings is theirs alone.
_BEGINNINGS = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "_hs", "stm_", "itm_")
_NAMES = frozenset(
    (
        "fbclid", "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "ysclid", "twclid", "ttclid", "li_fat_id", "igshid", "igsh", "epik",
        "scclid", "rdt_cid", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_ke", "_branch_match_id", "vero_id", "vero_conv", "oly_anon_id", "oly_enc_id",
        "rb_clickid", "s_cid", "wickedid", "cvid", "ref", "ref_src", "ref_url", "cmpid", "ncid", "spm", "_", "cb", "nocache", "cachebuster",
    )
)  # fmt: skip


def undecorated(query: bytes) -> bytes:
    """A query string without the words that strangers append; everything else stays letter for letter."""
    if not query:
        return query
    return b"&".join(part for part in query.split(b"&") if not _is_decoration(part))


def _is_decoration(part: bytes) -> bool:
    name = unquote_plus(part.partition(b"=")[0].decode("latin-1")).casefold()
    return name in _NAMES or name.startswith(_BEGINNINGS)
