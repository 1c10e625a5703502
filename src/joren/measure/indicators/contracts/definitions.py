"""What each figure of this room means, in the marketer's words."""

from __future__ import annotations

from typing import Final

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "achievement_rate": (
        "目的達成率",
        "Achievement rate",
        "初回購入した人のうち、設定した日数以内に目的達成のイベントがあった人の割合。期間が経過した人だけを数える。"
        "区間は Wilson 法。",
        "Of those who made their first purchase, the share with an event of an achieved goal "
        "within the days of the plan. Only whoever has had all those days counts. Wilson's "
        "interval.",
    ),
    "use_achieve": (
        "利用者の目的達成率",
        "Achievement rate of users",
        "利用を始めた人のうち、設定した日数以内に目的を達成した人の割合。",
        "Of those who began to use it, the share that achieved a goal within the days of the plan.",
    ),
    "aware_start": (
        "認知から開始の割合",
        "Aware → start",
        "訪問または会員登録した人のうち、設定した日数以内に初回購入した人の割合。先に購入していた人は除く。",
        "Of those who visited or signed up, the share that made their first purchase within the "
        "days of the plan. Whoever had bought before is left out.",
    ),
    "start_use": (
        "開始から利用の割合",
        "Start → use",
        "初回購入した人のうち、設定した日数以内に利用のイベントがあった人の割合。",
        "Of those who made their first purchase, the share with an event of use within the days "
        "of the plan.",
    ),
    "achieve_again": (
        "達成から再購入の割合",
        "Achieve → repurchase",
        "目的を達成した人のうち、その翌日以降、設定した日数以内に購入した人の割合。",
        "Of those who achieved a goal, the share that bought after that day and within the days of "
        "the plan.",
    ),
    "users": (
        "利用者数",
        "Users",
        "直近90日に利用または目的達成のイベントがあった人の数。結果指標であり、KPIにはできない。",
        "People with an event of use or of an achieved goal in the last 90 days. A result: it "
        "cannot be a KPI.",
    ),
    "sign_up_30d": (
        "訪問から登録の割合(30日)",
        "Visit → sign-up (30 days)",
        "初めて訪問した人のうち、30日以内に会員登録した割合(カプラン・マイヤー法)。",
        "Of those who visited for the first time, the share signed up within 30 days "
        "(Kaplan–Meier).",
    ),
    "first_90d": (
        "登録から初回購入の割合(90日)",
        "Sign-up → first purchase (90 days)",
        "会員登録した人のうち、90日以内に初回購入した割合(カプラン・マイヤー法)。",
        "Of those who signed up, the share with a first purchase within 90 days (Kaplan–Meier).",
    ),
    "new_customers_30d": (
        "新規顧客数(30日)",
        "New customers (30 days)",
        "直近30日に初回購入した人の数。",
        "People whose first purchase fell into the last 30 days.",
    ),
    "f2_90d": (
        "F2転換率(90日)",
        "F2 conversion (90 days)",
        "初回購入から90日以内に2回目の購入をした割合(カプラン・マイヤー法)。",
        "Share with a second purchase within 90 days of the first (Kaplan–Meier).",
    ),
    "f3_180d": (
        "F3転換率(180日)",
        "F3 conversion (180 days)",
        "2回目の購入から180日以内に3回目の購入をした割合(カプラン・マイヤー法)。",
        "Share with a third purchase within 180 days of the second (Kaplan–Meier).",
    ),
    "subscription_90d": (
        "定期転換率(90日)",
        "Subscription conversion (90 days)",
        "初回購入から90日以内に定期購入を始めた割合(カプラン・マイヤー法)。",
        "Share that began a subscription within 90 days of the first purchase (Kaplan–Meier).",
    ),
    "continuation_365d": (
        "年間継続率",
        "Continuation over a year",
        "基準日の1〜2年前に購入した顧客のうち、直近1年にも購入した割合。結果指標。"
        "区間は Wilson 法。",
        "Of those who bought one to two years before the as-of day, the share that bought in the "
        "last year too. A result. Wilson's interval.",
    ),
    "back_180d": (
        "復帰率(180日)",
        "Win-back rate (180 days)",
        "休眠した人のうち、180日以内に再び購入した割合(カプラン・マイヤー法)。",
        "Of those who fell dormant, the share that bought again within 180 days (Kaplan–Meier).",
    ),
    "funnel_lost": (
        "失われた割合",
        "Share lost",
        "その段階に来た人のうち、設定した日数以内に次へ進まなかった割合。",
        "Of those who came to the place, the share that did not go on within the days of the plan.",
    ),
}
