"""How Korean names the letters of the alphabet."""

KOREAN_LETTER = (
    "에이치|에이|에프|에스|엑스|엘|엠|엔|비|씨|시|디|이|지|아이|제이|케이|오|피|큐|알|티|유|브이|더블유|와이|제트|쥐"
)
