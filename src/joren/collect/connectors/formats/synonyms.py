"""Words that files use for what we call by one name. Compared without case, width and spaces."""

from __future__ import annotations

from typing import Final

_PERSON: Final = {
    "customer_number": "customer_id customer customerid user_id client_id member_id 顧客番号 "
    "顧客id 会員番号 会員id 顧客コード 購入者id",
    "name": "name customer_name full_name 氏名 名前 お名前 顧客名 注文者 注文者名 購入者名",
    "name_kana": "name_kana kana furigana フリガナ ふりがな カナ 氏名カナ 注文者カナ",
    "email": "email e-mail mail email_address メールアドレス メール eメール",
    "phone": "phone tel phone_number telephone 電話番号 電話 tel番号",
    "postal_code": "postal_code zip zip_code postcode default_address_zip 郵便番号 "
    "注文者郵便番号 請求先郵便番号",
    "prefecture": "prefecture state province 都道府県 注文者都道府県 請求先都道府県 "
    "注文者住所都道府県",
    "city": "city default_address_city 市区町村 市町村 郡市区 市区 住所市区町村 注文者市区町村 "
    "請求先市区町村",
    "street": "street default_address_address1 address address1 street_address 住所 住所1 番地 "
    "町名番地 丁目番地 町域番地 住所番地 注文者住所 注文者住所1 請求先住所 請求先住所1",
    "building": "building default_address_address2 address2 住所2 建物名 建物 マンション名 "
    "建物名・部屋番号 アパート・マンション名 注文者住所2 請求先住所2 注文者建物名 請求先建物名",
}
_PRODUCT: Final = {
    "sku": "sku product_id item_id stock_code stockcode product_code 商品コード "
    "商品番号 商品id 品番",
    "category": "category product_category カテゴリ カテゴリー 分類 商品カテゴリ",
    "tax_rate": "tax_rate 税率 消費税率",
}

ORDERS: Final = {
    **_PERSON,
    **_PRODUCT,
    "order_number": "order_number order_id order_no invoice invoice_no invoiceno transaction_id "
    "注文番号 受注番号 伝票番号 注文id 受注id",
    "ordered_at": "ordered_at order_date date datetime timestamp invoice_date purchase_date "
    "purchased_at transaction_date created_at 日付 注文日時 注文日 受注日 受注日時 購入日 購入日時 "
    "売上日 年月日",
    "updated_at": "updated_at last_updated 更新日時 更新日",
    "status": "status order_status ステータス 状態 注文状況 対応状況",
    "currency": "currency currency_code 通貨",
    "tax_included": "tax_included 税込 内税",
    "order_discount": "order_discount discount discount_amount 値引き 値引 割引 割引額 "
    "クーポン利用額",
    "mall_discount": "mall_discount モールクーポン",
    "points_used": "points_used used_points 利用ポイント ポイント利用額 使用ポイント",
    "shipping_charged": "shipping_charged shipping shipping_fee 送料",
    "fees_charged": "fees_charged 手数料 代引手数料 代引き手数料",
    "tax": "tax tax_amount 税 消費税 税額 税金",
    "total": "total order_total grand_total total_amount 合計 合計金額 支払合計 支払い合計 "
    "請求金額 総額",
    "amount": "amount sales revenue dollar_value value spend price_total 金額 売上 "
    "売上金額 購入金額 小計",
    "refunded": "refunded refunded_amount 返金額",
    "shipping_borne": "shipping_borne shipping_cost 配送原価 送料原価",
    "payment_fee": "payment_fee 決済手数料",
    "coupon_code": "coupon_code coupon discount_code クーポン クーポンコード",
    "channel": "channel チャネル 販売チャネル",
    "source": "source utm_source 流入元 参照元",
    "medium": "medium utm_medium メディア",
    "campaign": "campaign utm_campaign キャンペーン",
    "subscription_id": "subscription_id 定期受注番号 定期番号 定期id",
    "subscription_number": "subscription_number 定期回数",
    "product_name": "product_name product item description item_name 商品名 商品",
    "quantity": "quantity qty units number_of_cds 数量 個数 点数",
    "unit_price": "unit_price price 単価 価格 販売価格 商品単価",
    "line_discount": "line_discount 商品値引 明細値引",
    "line_tax": "line_tax 明細税額",
    "unit_cost": "unit_cost cost cogs 原価 仕入単価 原価単価",
    "store": "store shop 店舗 店舗名 ショップ",
}
CUSTOMERS: Final = {
    **_PERSON,
    "birthday": "birthday birth_date date_of_birth 生年月日 誕生日",
    "gender": "gender sex 性別",
    "acquisition_source": "acquisition_source source 獲得元 流入元",
    "language": "language locale lang customer_locale 言語 言語コード",
    "time_zone": "time_zone timezone タイムゾーン 時間帯",
    "registered_at": "registered_at created_at registration_date 登録日 登録日時 会員登録日",
    "accepts_email": "accepts_email accepts_email_marketing accepts_marketing メルマガ "
    "メールマガジン メルマガ受信 メルマガ購読 メールマガジン受信",
    "accepts_sms": "accepts_sms accepts_sms_marketing sms受信",
    "life_stage": "life_stage lifestage ライフステージ",
    "life_stage_since": "life_stage_since ライフステージ変更日 ライフステージ開始日",
    "store": ORDERS["store"],
}
PRODUCTS: Final = {
    **_PRODUCT,
    "name": "name product_name item_name title description 商品名 名前",
    "price": "price unit_price 価格 単価 販売価格",
    "cost": "cost unit_cost cogs 原価 仕入値",
    "currency": ORDERS["currency"],
}
AD_SPEND: Final = {
    "day": "date day 日付 年月日 配信日",
    "source": "source utm_source media platform 媒体 流入元 参照元",
    "medium": "medium utm_medium メディア",
    "campaign": "campaign utm_campaign campaign_name キャンペーン キャンペーン名",
    "purpose": "purpose 目的 新規既存",
    "amount": "spend amount cost 費用 広告費 金額 消化金額 ご利用額",
    "currency": ORDERS["currency"],
    "clicks": "clicks クリック クリック数",
}
REFUNDS: Final = {
    "order_number": ORDERS["order_number"],
    "refunded_at": "refunded_at refund_date date 返金日 返金日時 日付 返品日",
    "amount": "amount refund_amount refunded 返金額 金額",
    "currency": ORDERS["currency"],
    "reason": "reason 理由 返金理由 返品理由",
    "store": ORDERS["store"],
}
RATES: Final = {
    "day": "date day valid_from 日付 年月日 適用日",
    "currency": "currency currency_code from from_currency 通貨 通貨コード",
    "in_currency": "in_currency into to to_currency base base_currency 換算先 基準通貨",
    "rate": "rate exchange_rate ttm レート 為替レート 換算レート 仲値",
}
