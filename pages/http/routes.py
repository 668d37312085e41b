"""Every address that is answered beside Streamlit's pages, in the order in which they are tried."""

from pages.http import (
    api,
    dataset_page,
    dcat,
    embeds,
    feeds,
    health,
    images,
    metrics,
    openapi,
    readmes,
    release_zip,
    search,
    sitemap,
    sql,
)

ROUTES = [
    *health.ROUTES,
    *metrics.ROUTES,
    *sitemap.ROUTES,
    *dcat.ROUTES,
    *dataset_page.ROUTES,
    *feeds.ROUTES,
    *images.ROUTES,
    *embeds.ROUTES,
    *openapi.ROUTES,
    *search.ROUTES,
    *sql.ROUTES,
    *release_zip.ROUTES,
    *readmes.ROUTES,
    *api.ROUTES,
    *api.REST,
]
FOLDERS = ("/api/", "/embed/")
PATHS = (*(route.path for route in ROUTES if not route.path.startswith(FOLDERS)), *FOLDERS)
