"""What is wrong with what was typed, said one at a time, the cursor on its field."""

from __future__ import annotations

from collections.abc import Sequence

from artui.faults import Fault
from screens.widgets.form import Form, FormPage


def sentence(form: Form, fault: Fault) -> str:
    """Say what is wrong and what to do; what is said of "this" names the field as it stands on the screen."""
    label = form.field(fault.field).label if fault.field in form.texts() else "This"
    return f"{fault.message.replace('This ', f'{label} ', 1)} {fault.hint}".strip()


def refuse(page: FormPage, found: Sequence[Fault], doubted: set[tuple[str, str]]) -> bool:
    """Say the first fault and put the cursor there; a doubt is said once, F10 again keeps it. Tell whether there was one."""
    for fault in found:
        at = (fault.field, page.form.texts().get(fault.field, ""))
        if fault.doubt and at in doubted:
            continue
        if fault.doubt:
            doubted.add(at)
        page.say(f"{sentence(page.form, fault)}{' F10 again keeps it.' if fault.doubt else ''}", "wrong")
        if fault.field in page.form.texts():
            page.form.stand_in(page.form.field(fault.field))
        return True
    return False

