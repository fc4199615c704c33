"""The gateway's tables of return codes and of message states, with its Persian sentences."""

RETURN = {
    200: "تأیید شد",
    400: "پارامترها ناقص هستند",
    401: "حساب کاربری غیرفعال شده است یا کلید درست نیست",
    402: "عملیات ناموفق بود",
    404: "متدی با این نام پیدا نشده است",
    405: "متد فراخوانی Get یا Post اشتباه است",
    407: "دسترسی به اطلاعات مورد نظر برای شما امکان‌پذیر نیست",
    409: "سرور قادر به پاسخ‌گویی نیست، بعداً تلاش کنید",
    411: "دریافت‌کننده نامعتبر است",
    412: "ارسال‌کننده نامعتبر است",
    413: "پیام خالی است یا طول آن بیش از حد مجاز است",
    414: "حجم درخواست بیشتر از حد مجاز است",
    417: "تاریخ نامعتبر است",
    418: "اعتبار شما کافی نیست",
    419: "طول آرایه متن و گیرنده و فرستنده هم‌اندازه نیست",
    424: "الگوی مورد نظر پیدا نشد",
    428: "ارسال کد از طریق تماس تلفنی امکان‌پذیر نیست",
    431: "ساختار کد صحیح نیست",
    432: "پارامتر کد در متن پیام پیدا نشد",
    607: "نام برچسب نامعتبر است",
}
QUEUED, SCHEDULED, AT_OPERATOR, FAILED, DELIVERED, UNDELIVERED, CANCELLED, BLOCKED, UNKNOWN = (
    1, 2, 4, 6, 10, 11, 13, 14, 100,
)  # fmt: skip
STATUS = {
    QUEUED: "در صف ارسال",
    SCHEDULED: "زمان‌بندی شده",
    AT_OPERATOR: "ارسال شده به مخابرات",
    5: "ارسال شده به مخابرات",
    FAILED: "خطا در ارسال",
    DELIVERED: "رسیده به گیرنده",
    UNDELIVERED: "نرسیده به گیرنده",
    CANCELLED: "لغو شده",
    BLOCKED: "مسدود شده از سوی گیرنده",
    UNKNOWN: "شناسه نامعتبر یا منقضی است",
}
FINAL = {FAILED, DELIVERED, UNDELIVERED, CANCELLED, BLOCKED}


class Refusal(Exception):
    """The gateway says no, with one of its codes."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code} {RETURN[code]}")
        self.code = code
