# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.customers.views import beside, counts, imports, leave, lists, one, twins

app_name = "customers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/", lists.customers, name="customers"),
    path("customers/new/", one.new, name="new"),
    path("customers/filters/keep", lists.keep_filter, name="keep_filter"),
    path("customers/filters/<int:pk>/drop", lists.drop_filter, name="drop_filter"),
    path("customers/change-many", lists.change_many, name="change_many"),
    path("customers/twins/", twins.twins, name="twins"),
    path("customers/merge/<int:kept>/<int:gone>/", twins.merge, name="merge"),
    path("customers/merges/<int:pk>/undo", twins.undo, name="undo_merge"),
    path("customers/do-not-call/", leave.bars, name="bars"),
    path("customers/do-not-call/add", leave.bar, name="bar"),
    path("customers/do-not-call/<int:pk>/lift", leave.lift, name="lift_bar"),
    path("customers/changes/", leave.changes, name="changes"),
    path("customers/changes/<int:pk>/seen", leave.seen, name="seen_change"),
    path("customers/imports/", imports.imports, name="imports"),
    path("customers/imports/<int:pk>/", imports.one, name="import"),
    path("customers/imports/<int:pk>/columns", imports.columns, name="import_columns"),
    path("customers/imports/<int:pk>/run", imports.run, name="import_run"),
    path("customers/imports/<int:pk>/rejects.csv", imports.rejects, name="import_rejects"),
    path("customers/counts/", counts.counts, name="counts"),
    path("customers/counts/entries/", counts.rows, name="count_rows"),
    path("customers/counts/add", counts.add, name="count"),
    path("customers/counts/close", counts.close, name="count_close"),
    path("customers/<int:pk>/", one.customer, name="customer"),
    path("customers/<int:pk>/beside/", beside.beside, name="beside"),
    path("customers/<int:pk>/history/", beside.history, name="history"),
    path("customers/<int:pk>/edit/", one.edit, name="edit"),
    path("customers/<int:pk>/identity", one.say_identity, name="say_identity"),
    path("customers/<int:pk>/identity/reveal", one.reveal_identity, name="reveal_identity"),
    path("customers/<int:pk>/consent", one.consent, name="consent"),
    path("customers/<int:pk>/addresses/add", one.add_address, name="add_address"),
    path("customers/<int:pk>/addresses/<int:address>/drop", one.drop_address, name="drop_address"),
    path("customers/<int:pk>/numbers/add", one.add_number, name="add_number"),
    path("customers/<int:pk>/numbers/<int:number>/reveal", one.reveal, name="reveal"),
    path("customers/<int:pk>/numbers/<int:number>/drop", one.drop, name="drop"),
]
