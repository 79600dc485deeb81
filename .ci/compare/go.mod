module example.jp/compare

go 1.26.0

require example.jp/reji v0.0.0

require (
	github.com/golang-jwt/jwt/v5 v5.3.1 // indirect
	golang.org/x/text v0.43.0 // indirect
	maragu.dev/gomponents v1.2.0 // indirect
	rsc.io/qr v0.2.0 // indirect
)

replace example.jp/reji => ../..
