"""Invented people are made of these common family and given names, not of anyone's record.

Each name is written 漢字・カナ・ローマ字; every character exists in CP932, also 髙 and 﨑,
which a plain Shift_JIS codec does not know.
"""

from __future__ import annotations

from dataclasses import dataclass

_FAMILY = """
佐藤 サトウ sato|鈴木 スズキ suzuki|高橋 タカハシ takahashi|田中 タナカ tanaka|伊藤 イトウ ito
渡辺 ワタナベ watanabe|山本 ヤマモト yamamoto|中村 ナカムラ nakamura|小林 コバヤシ kobayashi
加藤 カトウ kato|吉田 ヨシダ yoshida|山田 ヤマダ yamada|佐々木 ササキ sasaki
山口 ヤマグチ yamaguchi|松本 マツモト matsumoto|井上 イノウエ inoue|木村 キムラ kimura
林 ハヤシ hayashi|斎藤 サイトウ saito|清水 シミズ shimizu|山崎 ヤマザキ yamazaki|森 モリ mori
池田 イケダ ikeda|橋本 ハシモト hashimoto|阿部 アベ abe|石川 イシカワ ishikawa
山下 ヤマシタ yamashita|中島 ナカジマ nakajima|石井 イシイ ishii|小川 オガワ ogawa
前田 マエダ maeda|岡田 オカダ okada|長谷川 ハセガワ hasegawa|藤田 フジタ fujita|後藤 ゴトウ goto
近藤 コンドウ kondo|村上 ムラカミ murakami|遠藤 エンドウ endo|青木 アオキ aoki
坂本 サカモト sakamoto|斉藤 サイトウ saito|福田 フクダ fukuda|太田 オオタ ota
西村 ニシムラ nishimura|藤井 フジイ fujii|岡本 オカモト okamoto|藤原 フジワラ fujiwara
金子 カネコ kaneko|中野 ナカノ nakano|三浦 ミウラ miura|原田 ハラダ harada|中川 ナカガワ nakagawa
松田 マツダ matsuda|竹内 タケウチ takeuchi|小野 オノ ono|田村 タムラ tamura|中山 ナカヤマ nakayama
和田 ワダ wada|石田 イシダ ishida|森田 モリタ morita|上田 ウエダ ueda|原 ハラ hara
内田 ウチダ uchida|柴田 シバタ shibata|酒井 サカイ sakai|宮崎 ミヤザキ miyazaki
横山 ヨコヤマ yokoyama|高木 タカギ takagi|安藤 アンドウ ando|宮本 ミヤモト miyamoto
大野 オオノ ono|小島 コジマ kojima|谷口 タニグチ taniguchi|工藤 クドウ kudo|今井 イマイ imai
高田 タカダ takada|増田 マスダ masuda|丸山 マルヤマ maruyama|杉山 スギヤマ sugiyama
村田 ムラタ murata|大塚 オオツカ otsuka|新井 アライ arai|小山 コヤマ koyama|平野 ヒラノ hirano
河野 コウノ kono|藤本 フジモト fujimoto|武田 タケダ takeda|上野 ウエノ ueno|野口 ノグチ noguchi
松井 マツイ matsui|千葉 チバ chiba|菅原 スガワラ sugawara|岩崎 イワサキ iwasaki|久保 クボ kubo
木下 キノシタ kinoshita|佐野 サノ sano|野村 ノムラ nomura|松尾 マツオ matsuo
市川 イチカワ ichikawa|菊地 キクチ kikuchi|杉本 スギモト sugimoto|古川 フルカワ furukawa
大西 オオニシ onishi|島田 シマダ shimada|水野 ミズノ mizuno|桜井 サクライ sakurai
渡部 ワタナベ watanabe|高野 タカノ takano|吉川 ヨシカワ yoshikawa|山内 ヤマウチ yamauchi
西田 ニシダ nishida|飯田 イイダ iida|菊池 キクチ kikuchi|西川 ニシカワ nishikawa
小松 コマツ komatsu|北村 キタムラ kitamura|安田 ヤスダ yasuda|五十嵐 イガラシ igarashi
川口 カワグチ kawaguchi|平田 ヒラタ hirata|関 セキ seki|中田 ナカタ nakata|久保田 クボタ kubota
髙橋 タカハシ takahashi|髙田 タカダ takada|山﨑 ヤマザキ yamazaki|宮﨑 ミヤザキ miyazaki
"""

_WOMEN = """
陽菜 ヒナ hina|葵 アオイ aoi|結衣 ユイ yui|美咲 ミサキ misaki|さくら サクラ sakura
優子 ユウコ yuko|真由美 マユミ mayumi|久美子 クミコ kumiko|恵子 ケイコ keiko|智子 トモコ tomoko
裕子 ヒロコ hiroko|由美子 ユミコ yumiko|明美 アケミ akemi|愛 アイ ai|彩 アヤ aya|麻衣 マイ mai
千尋 チヒロ chihiro|舞 マイ mai|香織 カオリ kaori|直美 ナオミ naomi|理恵 リエ rie|美穂 ミホ miho
沙織 サオリ saori|綾子 アヤコ ayako|友美 トモミ tomomi|奈々 ナナ nana|萌 モエ moe|遥 ハルカ haruka
莉子 リコ riko|凛 リン rin|美月 ミヅキ mizuki|結菜 ユイナ yuina|心春 コハル koharu
詩織 シオリ shiori|瞳 ヒトミ hitomi|里奈 リナ rina|佳奈 カナ kana|まどか マドカ madoka
典子 ノリコ noriko|和子 カズコ kazuko|幸子 サチコ sachiko|京子 キョウコ kyoko|順子 ジュンコ junko
"""

_MEN = """
蓮 レン ren|陽翔 ハルト haruto|湊 ミナト minato|大翔 ヒロト hiroto|翔太 ショウタ shota
健太 ケンタ kenta|大輔 ダイスケ daisuke|拓也 タクヤ takuya|直樹 ナオキ naoki|誠 マコト makoto
浩 ヒロシ hiroshi|健一 ケンイチ kenichi|隆 タカシ takashi|修 オサム osamu|徹 トオル toru
和也 カズヤ kazuya|達也 タツヤ tatsuya|亮 リョウ ryo|学 マナブ manabu|剛 ツヨシ tsuyoshi
聡 サトシ satoshi|亮太 リョウタ ryota|翼 ツバサ tsubasa|雄太 ユウタ yuta|悠斗 ユウト yuto
樹 イツキ itsuki|蒼 アオ ao|朝陽 アサヒ asahi|陸 リク riku|悠真 ユウマ yuma|匠 タクミ takumi
隼人 ハヤト hayato|純 ジュン jun|豊 ユタカ yutaka|茂 シゲル shigeru|実 ミノル minoru
進 ススム susumu|勇気 ユウキ yuki|太郎 タロウ taro|圭介 ケイスケ keisuke
"""


@dataclass(frozen=True)
class Name:
    """One family or given name in its three scripts."""

    kanji: str
    kana: str
    romaji: str


def _parsed(text: str) -> tuple[Name, ...]:
    cells = text.strip().replace("\n", "|").split("|")
    return tuple(Name(*cell.split()) for cell in cells)


FAMILY_NAMES = _parsed(_FAMILY)
WOMENS_NAMES = _parsed(_WOMEN)
MENS_NAMES = _parsed(_MEN)
GIVEN_NAMES = WOMENS_NAMES + MENS_NAMES
