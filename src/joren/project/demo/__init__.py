"""The demo shop 常連珈琲, from nothing to what its mails earned."""

from joren.project.demo.building import Made, build

__all__ = ["Made", "build"]
