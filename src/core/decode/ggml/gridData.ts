// Made by scripts/observeGrids.mjs from what the real ggml library decodes; not to be edited.

/** The digits of `entries`. */
export const gridDigits = `!"#%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~`;

/**
 * The code books of ggml's IQ1, IQ2 and IQ3 types: `entries` has two digits an entry, a number whose digits in base
 * `levels.length` are the levels of its values, the first value lowest. Read by `grids.ts`.
 */
export const gridData = {
  iq2xxs: {
    width: 8,
    levels: [8, 25, 43],
    entries: `
!!!#!&!(!*!,!.!4!6!:!<!>!@!F!L!P!R!X!Z!b!n!v!x!~"%"3"Q"^"k"m#!#F#b#d#j#t#v#|#~%%%1%;%=%C%O%U%W%[%i%w&.&0&:&R&T&h')';'A'E'G'M'Y'^
'a'g'i(!(:(R)/)9*#*&*,*6*>*P*]*d*h*v*|+++=+E+O,#,.,b,h,t,x-'-;-g.*.L.Z/C/E/K/^/{080<1%1S2#2&2,2B2R2Z2]333;3m3o4d4f4l4~5/5W5u6,71
7I7U8*9M:&:(:.:4:8:::@:F:N:R:]:_:f:x;-;I;Q;U;o;w<2<:<D<d<j<v===M=e=o>N?E?G?M?a?e@:@f@j@tAOAqB&B,B0B6B8B]BdB|C9CiDREGEIEcFPFxGEGO
GUGwHVI7J*J0JBJZJzKEL!L@LfLjMeMgN8OeR(R*R0RDRbR~S-S9S{ThTjTpTtU%U7U[U}VBVXVnW"WIX@Y=Z,Z2Z>ZDZt[-[U]4]h]|^)_&b#bPd,dNdfe'esfxiojB`,
  },
  iq2xs: {
    width: 8,
    levels: [8, 25, 43],
    entries: `
!!!#!&!(!*!,!.!0!2!4!6!8!:!>!@!B!D!F!H!J!L!P!R!X!Z!]!_!d!f!j!l!v!x!z!|!~"""%"'")"+"-"3"5"7"9"="?"E"K"O"Q"W"k"m"o"q"u"w"}#*#,#2#6
#D#L#b#d#f#h#j#l#n#p#t#v#|#~%"%%%)%+%-%1%;%=%C%U%W%Y%[%a%c%i%s%u%{&(&0&L&N&T&d&h&j')'A'C'E'G'I'K'M'S'W'^'a'g'm'y(.(6(8(:(@(R(p(v
)-)?)E)s)w*#*&*(***,*.*0*2*6*8*>*@*B*D*H*J*P*X*Z*]*d*v*x*z*|+"+%+++5+7+=+O+[+^+m+o+q+u,*,<,b,d,f,h,l,n,t,~-"-'-)-5-;-W-Y-a-s.L.X
.p/C/E/K/M/^/k0!080<0l1S2!2#2&2(2*2,2.20262@2B2H2Z2n2x2z3"353;3K3m4#4F4_4d4f4l4|4~5W5u6!6B6N6_7?7C7I7K7U7m8#828n8z959A9i9m9o:&:(
:*:,:.:0:2:4:8:::@:B:D:F:H:J:L:R:V:]:_:f:x:z:|:~;%;';-;7;9;?;Q;U;g;o;q;w;y<*<,<d<f<h<j<n<p<t<v="=%=+===I=Y=[=c=o=u>D>N>V>n>t?E?G
?M?a?e?m?u@:@D@X@_@pA3B&B(B*B,B0B2B8B>BBBDBJB]BzB|C%C)C7C9CoD0DdDfDhDnDxE"E5E?EQEYEaF4F:FdG'G=GEGQGcGkH0HLHVHXImJ(J*J0JBJNJVJdJx
JzL(L6LTLfLtMeMwM{NJOGO}PRQ7QYQcR(R*R,R.R2R4R:RBRDRFRLR_RbRxRzR|R~S"S'S9SCSISqT&TJTLT]TdThTjTpTrTtU%U7UGU[U{VLVbW+WGWMW^WuX!X#X:
XBYGYkYqYyZ&Z*Z,Z2ZDZRZdZ|[3[O]>]R]h]l^)^/^5^w_@_B_paob:bbcAccd*d,d0d2d<dDdteEeKeoeseueyf0fLf_g'gOi)i=iQi[i^icj6j<jBjzj|kMkOkwl*`,
  },
  iq2s: {
    width: 8,
    levels: [8, 25, 43],
    entries: `
!!!#!&!(!*!,!.!0!2!4!6!8!:!>!@!B!D!F!H!J!L!P!R!T!V!X!Z!]!_!d!f!l!p!t!v!x!z!|!~"""%"'"+"-"3"5"7"9"="?"A"C"E"I"K"O"Q"W"Y"["c"e"k"m
"o"q"u"w"}#(#*#,#.#0#2#6#D#H#L#P#X#b#d#f#h#j#l#n#p#t#v#x#z#|#~%"%%%'%)%+%-%/%1%3%5%;%=%?%A%C%G%I%M%O%U%W%Y%[%^%a%c%e%g%i%m%o%s%u
%w%y%{%}&!&#&(&*&0&2&4&6&:&<&B&L&N&P&R&T&X&h&l&n&r&t&z''')'/'A'C'E'G'K'M'O'Q'S'W'['^'a'c'e'g'i'k'm'q's'y'}(((6(8(:(@(B(D(F(J(R(V
(X(](_(f(p(x)-)7)9)A)E)G)Q)u*#*&*(***,*.*0*2*6*8*:*>*@*B*D*H*J*L*N*P*R*T*V*Z*]*_*d*h*j*n*p*v*x*z*|*~+"+%+'+)+++-+/+1+5+7+9+;+=+?
+A+C+G+I+O+Q+S+U+Y+[+m+o+s+u+y,!,#,*,.,4,6,F,H,N,b,d,f,h,l,n,p,r,t,x,z,~-"-%-'-)-+---/-3-5-;-=-?-A-E-G-M-W-Y-[-^-a-c-e-g-k-m-s-u
-w-y-}.!.(.2.4.:.L.P.R.V.X._.j.l.r/'/A/C/E/G/I/K/O/Q/U/^/a/c/e/i/k/q/{/}080:0<0>0B0D0J0T0V0]0n1'11171I1W2#2&2(2*2.202224262:2>2@
2B2H2J2L2T2Z2d2h2v2x2z3"3%3'3-3537393?3A3G3Q3S3Y3m3u4#4(4*4.444L4N4_4d4f4h4j4l4p4r4v4x4~5"5%5'5+5-535=5?5E5W5[5^5c5e5k5u5w5}6.62
6N6P6V6j6z7C7G7M7O7a7c7i8&888:8<8B8~979C9a9m9o:&:(:*:,:.:0:2:4:6:8:::<:@:B:D:F:H:J:L:N:P:R:T:V:]:_:f:j:l:p:r:x:z:|:~;%;';);+;-;/
;1;7;9;;;=;?;A;C;E;I;K;Q;S;U;W;[;^;e;o;q;w;y;{;}<&<,<0<2<6<8<><H<J<d<f<h<j<l<n<p<r<t<v<x<z<|="=%='=)=+=-=/=1=5=7===?=A=C=G=I=O=Y
=[=^=a=c=e=g=i=m=o=u=w=y={>!>#>*>2>4>6><>N>P>R>T>X>Z>b>l>n>t?)???E?G?K?M?O?Q?S?W?Y?a?c?e?g?k?m?s@!@(@:@<@>@@@D@F@L@V@X@_@rA"A1A3
A9AKB&B(B*B,B0B2B4B6B8B:B<B>BBBDBFBHBJBLBNBPBTBVB]B_BbBdBhBjBzB|B~C"C%C'C)C+C/C1C7C9C;C=CACCCICSCUC[CoCsCuCyC{D#D.D0D6DFDHDfDhDj
DlDnDpDrDtDxDzE"E%E'E)E-E/E5E?EAEGEYE[E^EaEeEgEmEwEyF!F4FPFRFXFhFlGEGGGIGKGOGQGWGcGeGkGsG}H<H>HDHVI1IAImJ#J(J*J,J0J2J4J6J:J<JBJF
JHJLJNJTJbJhJzJ|J~K"K'K)K/K9K;KAKSKeKsKyL.L<L]LfLjLlLpLrLxM%M'M-M?M[M^MeMwN!N2N@NPO7OGOIOOOyP0P<PVQOQ}R(R*R,R.R2R4R8R:R>RDRFRLRN
RPRRRVR_RdRjRlR|R~S%S'S)S+S-S1S3S9S;S=S?SCSESUSWS^SoSqSuSyS{S}T0T2T8ThTjTlTnTpTrTtTvTzU%U'U)U+U/U1U7UAUCUIU[U^UaUcUgUiUoUyU{V#V6
V>VRVTVZVlVnWGWKWQWSWeWgWmX6X>X@XXXpYGY^YaYmZ!Z*Z,Z0Z2Z4Z6Z8Z>ZDZFZHZJZNZPZVZbZdZjZ|["[)[+[;[=[C[K[s[u[{]0]d]h]j]l]n]r]t]z^'^)^/
^A^O^^^a^g^y_F_J_R_ta'aIaKaQaaaeb<b>bbbfcud*d.d2d6d>dDdFdHdNdvd|e;eQeue{f*f.f0fNfRfTfffjflfrg'gIgWg^gohziQicj8jhj|k;k=kGkIkMksl*`,
  },
  iq3xxs: {
    width: 4,
    levels: [4, 12, 20, 28, 36, 44, 52, 62],
    entries: `
!!!#!&!+!-!1!2!4!;!D!^!a!e!g!l!n!u!y!|!~"("3"?"G"I"K"P"W"Y"b"d"h"r"x#)#-#3#4#6#A#f#y%0%5%@%L%N%R%X%m%}&S&l'"''')'>'L']'_'e'g'n'p
'u'w'y('(((@(B(I(P(R)&)()-)/)6)=)a)g)i)w*"*0*@*K*O*t+?+C+U+j+v,h,v-9-;-B-D-I-K-O-R-[-|-~.".&.(./.6.Q.U.V._.b.i.o.p.r/!/"/0/D/K/O
/}0#0E0S0m1#1.1I23252@2W2u2|2~3(3*3?3L3Q3W3Y3i3r3}4!4=4?4D4Q4h4x5*5<5{6-6@6F6L6X6u777I7_8+8@8T8a8o8q8}9#9s:*:9:::J:P:c;#;C;j;u<9
<G<]=N=Q=S=c>8>O>h>p>v?)?@?a?o@2@:@eA%A0A4AWAaAxBlC;CIC}D0D2D@D^E!E@EgF.F4F|G@GgH;HeHsIHIJILIMIaIqJ@JJJvK4K9KOK]KlL#LELULvLxM-Ms`,
  },
  iq3s: {
    width: 4,
    levels: [1, 3, 5, 7, 9, 11, 13, 15],
    entries: `
!!!"!#!'!)!*!+!,!.!0!2!3!7!=!B!D!G!I!K!M!R!T![!_!c!d!e!f!h!l!m!q!t!w!{!}"#"+"8"<"A"G"H"L"N"O"R"U"X"]"a"e"k"n"p"r"t###'#/#5#9#<#>
#E#G#J#P#T#V#e#g#k#n#y#}%!%%%+%1%4%:%I%S%U%c%e%i%n%t%x%z&,&1&<&?&A&O&b&q&x&z&|'+'-'1'6'C'G'[']'^'a'e'f'h'j'l'm'o'v'y'{(,(.(1(:(@
(A(C(F(H(L(Q(X([(c(j(l(z)")%)/)2)4)5)9)?)E)H)R)U)a)h)k)n)o)r)x)~*!*&*+*<*B*M*O*T*V*e*g*n*r*t*x+0+7+:+@+G+I+X,#,(,+,8,:,U,W,],_,g
,s,w-+-1-9-:-<->-@-A-C-E-G-J-L-P-Q-S-Z-]-_-c-e-r-s-v-x-{-}.&.).-.0.3.7.:.@.G.a.d.g.q.s.x/!/#/./2/</?/C/E/H/L/U/W/]/_/g/m/{0)0/08
0;0B0E0I0d0g0n0s0|1,1-181E1M1O1T1_1|2"272;2H2J2U2Z2v2}3!3#3&3)303234393;3>3@3J3P3X3Z3]3e3j3l3y4,464:4<4F4L4V4X4f5!5)5-525458595B
5D5H5N5]5f5l5q5u5|60666:6G6N6P6[6b6l6v7&797L7n7p7}8!8-8P8T8Z8b8f8i8l8s8z9-979<9>9@9G9M9R9X9_9d9x9z:!:':+:5:::I:L:R:_:e:g:l:n:u:y
;?;A;S;_;a;z<)<+<5<V<q=%=9=Q=V=c=n=t>0>6>:>@>N>R>U>X>f>l>q>s>u>z?#?-?M?S?]?h?m?s@"@:@?@@@O@]@c@o@u@{@~A-A7ACAiAuB+B-BfC)C+C9CrCt
CvD%D'D<DLD]DeE%E;EMESE_EeEkEsF!F'F6FmF{G-G;G>GWGmH%H@HkHmIEIIILIUIWIeIgIsIyJ,J3J>JMJOJmJpJtJzJ}K'K8KQKkKnK|L5L9L?LDL]M+M;M[MtN>`,
  },
  iq1s: {
    width: 8,
    levels: [-1, 0, 1],
    entries: `
!!!#!&!(!*!,!/!4!6!:!<!A!G!I!K!S!X!Z!_!b!g!l!n!r!t!x!y"!"#"&"(")"."4"8":">"@"D"F"H"J"K"R"X"Z"]"f"k"m"q"s"x"}#!#&#(#-#3#9#>#B#D#F
#J#L#N#Q#T#V#X#]#_#k#m#o#w#}%&%,%0%4%5%D%J%P%V%X%Y%Z%d%f%h%p%r%v%z%{%|%~&!&"&%&'&)&+&-&/&1&:&=&?&A&C&E&F&G&I&W&[&i&k&q&s&u&w&z&{
'!'#'*'0'2'6'A'C'G'I'N'S'U'Y'['b'h'l't'y'{(!(#()(.(0(4(6(;(A(C(G(L(M(S([(](a(g(i(m(y({(})!)()-)/)3)5):)?)A)E)G)L)R)X)[)_)e)g)i)k
)m)r)w)y)}*!*,*-*/*3*8*9*?*A*G*K*M*Q*S*T*W*e*g*i*n*q*w*y*{*}+!+#+&+(+,+.+2+8+<+=+>+?+@+A+B+D+F+J+R+Z+]+d+f+v+x+z,%,*,/,1,5,7,9,;
,?,A,I,O,Q,S,[,c,g,i,n,o,q,r,u,y,~-#-%-&-(-*-,---.-0-4-6-8->-B-D-G-H-J-K-L-N-P-Q-T-X-Z-_-b-d-e-f-h-j-l-n-p-r-t-v-w-x-}-~.!.".#.&
.'.).+.,.-./.1.3.4.5.7.9.:.;.=.>.?.A.B.C.E.G.M.O.P.Q.Y.Z.[.^.a.e.i.k.l.m.o.q.s.v.w.x.y.|.~/!/#/%/&/,///2/4/</@/L/P/X/_/b/d/f/h/l
/n/p/q/r/t/v/x/~0'0)030A0C0E0I0K0N0U0V0W0Y0^0a0b0c0e0f0g0k0o0w0z0{0}1!1&1*1,151<1C1E1L1N1P1R1T1V1X1]1b1d1j1p1t1w2#2&2*2,2126282:
2<2>2C2I2O2R2U2Z2]2b2d2i2n2p2r2t2v2{3#3&3*3037383<3B3D3F3H3J3K3L3T3Y3_3b3h3n3s3u3w3z4!4#4(4*4/45494;4A4G4L4N4P4S4X4Z4_4b4g4o4q4s
4y5#5%5&5(5,5.5052585@5F5H5L5O5R5_5f5l5r5t5x5z5~6"6#6'6+6-6/696;6>6?6A6C6E6G6I6K6Q6V6X6^6e6k6q6w6|6}7&7+7-71797C7E7I7K7P7U7W7[7^
7d7j7l7v7{7}8#8&808286888@8C8E8I8O8Y8[8a8c8i8k8m8o8u8z9!9#9)9*9/9195979A9C9G9I9N9T9X9Z9b9g9i9m9o9t9y9{:!:#:):/:3:;:G:K:M:O:Q:S:U
:W:i:m:p:t:x:y:{:};!;&;(;);*;,;.;2;4;:;<;>;@;B;C;D;F;G;L;N;P;R;T;V;Z;];_;e;f;g;r;x;z;|<'<-<7<9<=<A<E<N<S<^<e<q<t<}=&=(=*=,=.=/=0
=5=6=8=:=<=>=B=D=F=H=J=O=P=V=Y=Z=]=b=d=f=g=h=j=l=p=t=v=x=y=z=|=~>!>#>%>&>'>(>+>->.>/>1>5>6>7>9>=>?>@>A>C>D>I>K>M>O>R>U>Z>[>^>a>c
>e>i>k>m>o>q>t>u>v>x>y>{?!?#?&?*?-?1?5?6?<?>?@?H?N?Q?U?Z?c?h?j?n?p?t?v?x?z@"@)@+@-@/@5@;@>@?@B@C@F@G@I@M@O@Q@U@Y@^@a@b@c@d@e@g@i
@k@m@n@q@w@y@}A!A"A#A(A*A,A.A>ANAPARAXAZA]AbAfAtA~B'B)B*B+B-B1B3B7B9B;B?BABEBGBKBMBNBOBQBWBYBcBeBkBmBpBqBuBwB}C!C"C#C&C(C)C*C+C,
C.C2C3C4C6C8C:C;C<C>C@CACBCCCDCECFCGCHCJCLCMCNCPCTCVC]C_CaCbCdCfCjCnCpCtCzC|D"D%D'D/D1D5D7D9D:D;D=DADCDLDQDSDUDXDYD^DhDiDoDqDrDs
DtDuDxD{D}E!E#E&E'E(E*E+E,E-E/E0E1E2E3E4E6E7E8E9E:E<E>EDEFEHEJEKELENEQESETEXEZE[E]E^E_EbEdEeEfEgEhEiEkElEnEpEqErEtEvEwExEyEzE{E|
E}F!F"F#F%F&F'F(F)F*F+F,F.F/F0F1F2F3F5F7F8F;F<F=F>F@FAFBFCFDFGFIFJFKFMFOFPFQFRFTFUFVFYF[F]F_FaFcFdFeFfFgFhFiFjFmFpFqFrFsFtFuFvFw
FxFyFzF{F|F}G!G#G%G(G,G.G/G0G1G2G4G7G;G>G@GAGBGCGHGIGJGLGNGRGTGXGaGfGhGjGlGnGoGpGqGrGtGvGwGxH!H'H)H+H-H/H3H9H<H=H?HCHEHGHHHIHKHQ
HWHYHZH[H^HaHbHcHdHeHfHgHhHiHkHmHnHoHqHtHwHzH}I!I"I#I%I&I,I4I7I>IBICIGIHIJIPIRISIVIYIZI[I]IbIdIfIhIjIqItIvIwIxIzI|J+J3J5J7J=JEJK
JOJPJQJSJUJWJYJ[J_JmJuJ{J}K!K#K(K*K0K1K4K6K<K?KBKEKFKHKNKOKRKVK[K_KbKhKlKnKzK~L"L.L/L3L;L<L=L@LMLSLWLaLpLqLsLtLwLyL}M!M#M&M(M*M,
M.M0M1M2M4M5M6M8M:MBMCMFMHMJMKMLMMMNMPMRMTMXM_MbMdMfMiMjMlMzM{M|M~N"N#N&N'N(N*N-N/N0N1N3N:N<N=N?NBNCNENFNINKNLNMNRNWN^NdNiNjNkNm
NqNsNuNwNyNzN{N|N~O!O&O(O+O-O/O3O7O9O:O;O=O@OBOEOTOVO]OdOnOpOtOvO|P%P+P0P8P=P?PEPIPOPQPSPUPWPXP[P]P^PcPePfPgPiPkPoPsPvPwP|Q#Q*Q,
Q-Q0Q<Q@QAQNQPQTQVQZQ]Q_QdQeQhQoQvQyQ{R#R(R*R.R0R:R<R@RBRGRLRMRORQRSRYR_RbRfRhRmRrRtRxRzS!S(S*S,S.S4S:S<S@SBSDSFSGSHSISNSPSRSXS[
SbSdSfSlSqSsSwSyS~T&T(T,T.T9T;T?TETJTLTPTRTWT]T_TdTfTsTwU&U(U/U2U6U8U:U>ULUPU]UdUhUjUnUtUvUxUyU|U~V%V'V(V)V+V,V1V2V3V5V7V9V;V=V?
VAVCVEVMV[VaVcViVoVqVuVvVwV{V~W!W#W(W+W0W6W=WAWGWIWMWOWTWYW[WaWcWeWhWnWpWtWzW}X!X#X(X*X/X4X6X:X<XAXBXGXIXKXSXYX[X^XaXcXeXgXkXmXo
XyY&Y(Y.Y3Y5Y9Y;Y@YEYGYKYMYRYXYZY]YkYmYqYsYxY}Z!Z&Z(Z-Z3Z7Z8Z9Z?ZEZIZKZQZSZUZ^Z_ZeZkZmZoZqZwZ}[![#[&[([,[.[0[2[4[6[8[:[>[C[D[F[G
[H[J[N[P[X[Z[b[d[f[j[l[n[p[v[|[~]%]+]3]5]7]9];]=]?]G]I]O]W]Y]f]i]k]m]q]u]w^!^&^.^0^2^3^4^5^6^8^9^:^<^D^F^L^M^N^P^T^Z^]^b^d^f^g^h
^j^k^l^n^q^t^w^x^z^|^}^~_"_%_&_'_(_)_*_+_,_-_/_1_2_3_5_8_;_=_A_B_C_D_E_G_H_I_K_M_O_Q_S_U_[_a_d_f_k_m_s_u_v_y_z_|_}a!a(a*a/a0a4a5
a8a9a:aBaDaFaLaVaXa_afajanaparasavaza{b'b-b1b3b9bAbCbEbGbIbKbMbObPbQbSbUbYb[b^babcbebgbhbibkbobqbrbubwbyc!c#c&c*c,c0c8cAcJcRcTcV
cXc]c_cdcpcvcxcyczd*d,d0d2d7d<d>dBdDdIdOdQdSdUdbdddhdjdodtdvdzd|e#e'e*e,e.e0e1e@eBeEeHeJeLeNePeZeaecefeheueye{e|f&f*f.f0f5f;f?fA
fGfLfNfRfTfYf_fbfffhfyg!g(g*g0g3g4g6g8g:g=g>g?g@gFgdgfghgjglgngvgxg|g~h'h)h*h+h-h3h7h9h;h<h=h?hChEhGhWh^hchfhhhkhshuhxh{h}h~i!i%
i'i3i7i;i<i>iAiCiEiIiKiOiQi[i^icieipiritivj#j&j*j,j1j6j8j<j>jCjKjOjRjUj[jejijmjojsjuk"k(k5k7k;k=kGkIkMkOkZk]k_kmkokskukzl!l#l(l*`,
  },
};
