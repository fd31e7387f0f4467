# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.web import gallery, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("counts/", views.counts, name="counts"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/stream/", gallery.stream, name="gallery_stream"),
    path("gallery/job/", gallery.job, name="gallery_job"),
    path("gallery/peaks/", gallery.peaks, name="gallery_peaks"),
    path("gallery/wall/", gallery.wall, name="gallery_wall"),
    path("gallery/sign-in/", gallery.bare, name="gallery_bare"),
    path("gallery/error/<int:status>/", gallery.error, name="gallery_error"),
    path("i18n/", include("django.conf.urls.i18n")),
]
