"""How good the ground is."""

from __future__ import annotations

from joren.plumbing.glossary.term import Term

TERMS = (
    Term(
        "quarantine",
        "保留（要修正）",
        "Quarantine",
        "読み取れなかった行。直して取り込むまで、どの数字にも入りません。",
        "Rows that could not be read. They are in no figure until they are repaired.",
    ),
    Term(
        "snapshot",
        "スナップショット",
        "Snapshot",
        "ある基準日の分析結果一式。同じ事実と基準日からは同じ結果になります。",
        "All insights of one as-of day. The same facts and day give the same insights.",
    ),
    Term(
        "as_of",
        "基準日",
        "As-of day",
        "この日の終わりまでの事実から数字を作ります。",
        "Figures are made from the facts up to the end of this day.",
    ),
    Term(
        "interval",
        "区間",
        "Interval",
        "真の値があると考えられる範囲。件数が少ないほど広くなります。",
        "Where the true value is thought to lie; the fewer cases, the wider.",
    ),
    Term(
        "missing_share",
        "欠損率",
        "Missing share",
        "値のない行の割合。",
        "The share of rows without a value.",
    ),
    Term(
        "duplicate_share",
        "重複率",
        "Duplicate share",
        "同じ値をもつべきでない行の割合。注文は同じ顧客・日時・合計で番号だけが違うもの、メール・電話・氏名は"
        "より古い顧客と同じとみられる顧客を数えます。",
        "The share of rows that repeat what should be single: orders of one customer, moment and "
        "total under another number; customers whose e-mail, phone or name an older one seems to "
        "have too.",
    ),
    Term(
        "stale_share",
        "滞留率",
        "Stale share",
        "その項目が最後に入った日より後に届いた行の割合。状態については、60日を過ぎても未完了"
        "（受付・入金済みのまま）の注文の割合。",
        "The share of rows that came after the last day that brought the field. Of a status: of "
        "orders that are still open or paid after 60 days.",
    ),
    Term(
        "outlier_share",
        "外れ値率",
        "Outlier share",
        "金額が、その通貨の99パーセンタイルの約10倍を超える行の割合。誕生日は、ありえない日付の割合。",
        "The share of rows whose amount is beyond about ten times the 99th percentile of its "
        "currency. Of birthdays: of dates on which nobody alive was born.",
    ),
    Term(
        "unreconciled_share",
        "不一致率",
        "Unreconciled share",
        "明細の合計が、記載された合計金額と一致しない注文の割合。差額は顧客のページの注文に出ます。",
        "The share of orders whose parts differ from the stated total. "
        "By how much stands with each order on its customer's page.",
    ),
    Term(
        "source",
        "送信元",
        "Source",
        "イベントを送ってくるもの。サーバーまたはブラウザで、書き込みキーで見分けます。",
        "What sends events: a server or pages in a browser, known by its write key.",
    ),
    Term(
        "write_key",
        "書き込みキー",
        "Write key",
        "送信元がイベントに添える鍵。ブラウザのものは誰でも読めます。",
        "What a source sends along with its events. Everybody can read a browser's.",
    ),
    Term(
        "event",
        "イベント",
        "Event",
        "誰かがした一つのこと。商品の閲覧やカートへの追加など。",
        "One thing that somebody did, such as viewing a product or adding it to the cart.",
    ),
    Term(
        "device",
        "端末",
        "Device",
        "匿名IDで見分けるブラウザやアプリ。使った顧客が一人だけなら、その人のものになります。",
        "A browser or app, known by an anonymous id. It is a customer's if that one alone used it.",
    ),
)
