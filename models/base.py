"""The database every model is bound to, and the column types of the books. Importing models never connects."""

from __future__ import annotations

from peewee import BigIntegerField, DatabaseProxy, Model, TextField

from artui import text

proxy = DatabaseProxy()


class LineField(TextField):
    """One line of text for people: cleaned of control, bidi and zero-width characters on its way in."""

    def db_value(self, value: object) -> object:
        """Clean `value`; None stays None."""
        return None if value is None else text.clean(str(value))


class NoteField(TextField):
    """Several lines of text for people, cleaned like `LineField` but keeping line breaks."""

    def db_value(self, value: object) -> object:
        """Clean `value`; None stays None."""
        return None if value is None else text.clean_block(str(value))


class MinorField(BigIntegerField):
    """An amount in minor units of the row's currency (`artui.money` converts); never a float."""

    def db_value(self, value: object) -> object:
        """Refuse anything but whole minor units."""
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise TypeError(f"minor units are whole numbers, not {value!r}")
        return value


class Base(Model):
    """A table of schema `ar`."""

    class Meta:
        database = proxy
        schema = "ar"
        legacy_table_names = False
