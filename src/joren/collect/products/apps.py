"""The room of what products are to each other."""

from __future__ import annotations

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "joren.collect.products"
    label = "products"
