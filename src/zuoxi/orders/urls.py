# SPDX-License-Identifier: Apache-2.0
"""Addresses of the pages of orders; the numbers of orders come last, so that they hide no other page."""

from django.urls import URLPattern, URLResolver, include, path

from zuoxi.orders.views import acts, cases, figures, goods, importing, lists, new, order, verify, watch

pages: list[URLPattern | URLResolver] = [
    path("orders/", lists.orders, name="orders"),
    path("orders/all/", lists.everything, name="all"),
    path("orders/new/", new.new, name="new"),
    path("orders/new/goods/", new.goods, name="new_goods"),
    path("orders/verify/", verify.queue, name="verifications"),
    path("orders/work/", cases.work, name="work"),
    path("orders/send/", lists.to_ship, name="to_ship"),
    path("orders/payments/", lists.payments, name="payments"),
    path("orders/parcels/", lists.parcels, name="parcels"),
    path("orders/cases/", cases.cases, name="cases"),
    path("orders/cases/<str:number>/", cases.case, name="case"),
    path("orders/cases/<str:number>/step/", cases.step, name="step"),
    path("orders/cases/<str:number>/photo/", cases.add_photo, name="add_photo"),
    path("orders/cases/<str:number>/photo/<int:pk>/", cases.photo, name="photo"),
    path("orders/goods/", goods.products, name="products"),
    path("orders/goods/<str:sku>/price/", goods.price, name="price"),
    path("orders/goods/<str:sku>/count/", goods.count, name="count"),
    path("orders/points/", watch.points, name="points"),
    path("orders/points/new/", watch.ask, name="ask_points"),
    path("orders/emergencies/", watch.emergencies, name="emergencies"),
    path("orders/emergencies/<str:number>/", watch.emergency, name="emergency"),
    path("orders/audit/", watch.audit, name="audit"),
    path("orders/audit/<int:pk>/", watch.judge, name="judge"),
    path("orders/figures/", figures.figures, name="figures"),
    path("orders/import/", importing.page, name="import"),
    path("orders/import/<int:pk>/", importing.one, name="import_one"),
    path("orders/import/<int:pk>/run/", importing.run, name="import_run"),
    path("orders/import/<int:pk>/rejects.csv", importing.rejects, name="import_rejects"),
    path("orders/of/<int:customer>/", lists.of_customer, name="of_customer"),
    path("orders/<str:number>/", order.order, name="order"),
    path("orders/<str:number>/phone/", order.phone, name="phone"),
    path("orders/<str:number>/open/<str:kind>/", order.open_case, name="open_case"),
    path("orders/<str:number>/verify/", verify.verify, name="verify"),
    path("orders/<str:number>/act/", acts.act, name="act"),
]
urlpatterns = [path("", include((pages, "orders")))]
