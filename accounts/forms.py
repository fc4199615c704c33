from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("The user name or the password is not right. Mind small and capital letters."),
        "inactive": _("This account is closed."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Enter the user name")
        self.fields["password"].error_messages["required"] = _("Enter the password")
        self.fields["username"].widget.attrs |= {"class": "w20 ltr", "dir": "ltr"}
        self.fields["password"].widget.attrs |= {"class": "w20 ltr", "dir": "ltr"}
