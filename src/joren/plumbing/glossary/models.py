"""What the Models page shows of how the predictions are made."""

from __future__ import annotations

from joren.plumbing.glossary.term import Term

TERMS = (
    Term(
        "repeat_tracking",
        "リピート注文の推移",
        "Repeat orders over time",
        "ある日までに知られていた顧客の4週ごとのリピート注文数。実際の数と、モデルが期待した数。",
        "Repeat orders of every four weeks of the customers known on a day: those that came, and "
        "those that the model expected.",
    ),
    Term(
        "model_parameter",
        "モデルのパラメータ",
        "Parameter of a model",
        "モデルの式の文字の値。顧客の購買から推定し、区間はその推定の不確かさです。",
        "The value of a letter of the model's formula, estimated from what customers bought; the "
        "interval is how unsure the estimate is.",
    ),
    Term(
        "season_pace",
        "平均に対するペース",
        "Pace against the mean",
        "その4週間に、全顧客が平均の何倍の速さで購入したか。",
        "How fast all customers together bought in those four weeks, against the mean.",
    ),
    Term(
        "score_behind",
        "最良との差",
        "Behind the best",
        "顧客1人あたりの対数スコアが、最良のモデルより何千分の1低いか。",
        "By how many thousandths the log score per customer lies below the best model's.",
    ),
)
