/**
 * Colour arithmetic with the same bytes on every machine. The exponent 2.4 of sRGB and the cube root of CIE Lab are the
 * two places where engines may differ in the last digit (Math.pow does between Node versions, Math.cbrt may), and
 * one last digit can move a colour over the edge of its bin. So the first is a table of whole numbers, the second a
 * Newton iteration of + - * /, which IEEE 754 fixes to the last bit, and all sums in between are of whole numbers
 * below 2^53, which are exact.
 */

/**
 * Linear light of the sRGB byte v in thousand-millionths: round(1e9 * f(v / 255)), where
 * f(c) = c / 12.92 up to 0.04045, and ((c + 0.055) / 1.055) ^ 2.4 above (IEC 61966-2-1).
 */
export const LINEAR_LIGHT: readonly number[] = [
  0, 303527, 607054, 910581, 1214108, 1517635, 1821162, 2124689, 2428216, 2731743, 3035270, 3346536, 3676507,
  4024717, 4391442, 4776953, 5181517, 5605392, 6048833, 6512091, 6995410, 7499032, 8023193, 8568126, 9134059,
  9721217, 10329823, 10960094, 11612245, 12286488, 12983032, 13702083, 14443844, 15208514, 15996293, 16807376,
  17641954, 18500220, 19382361, 20288563, 21219010, 22173885, 23153366, 24157632, 25186860, 26241222,
  27320892, 28426040, 29556834, 30713444, 31896033, 33104767, 34339807, 35601315, 36889450, 38204372,
  39546235, 40915197, 42311411, 43735029, 45186204, 46665086, 48171824, 49706566, 51269458, 52860647,
  54480276, 56128490, 57805430, 59511238, 61246054, 63010018, 64803267, 66625939, 68478170, 70360096,
  72271851, 74213568, 76185381, 78187422, 80219820, 82282707, 84376212, 86500462, 88655586, 90841711,
  93058963, 95307467, 97587347, 99898728, 102241733, 104616484, 107023103, 109461711, 111932428, 114435374,
  116970668, 119538428, 122138772, 124771818, 127437680, 130136477, 132868322, 135633330, 138431615,
  141263291, 144128471, 147027266, 149959790, 152926152, 155926464, 158960835, 162029376, 165132195,
  168269400, 171441101, 174647404, 177888416, 181164244, 184474995, 187820772, 191201683, 194617830,
  198069320, 201556254, 205078736, 208636870, 212230757, 215860500, 219526200, 223227957, 226965874,
  230740049, 234550582, 238397574, 242281122, 246201327, 250158285, 254152094, 258182853, 262250658,
  266355605, 270497791, 274677312, 278894263, 283148740, 287440838, 291770650, 296138271, 300543794,
  304987314, 309468923, 313988713, 318546778, 323143209, 327778098, 332451536, 337163615, 341914425,
  346704056, 351532600, 356400144, 361306780, 366252596, 371237680, 376262123, 381326011, 386429434,
  391572478, 396755231, 401977780, 407240212, 412542613, 417885071, 423267670, 428690497, 434153636,
  439657174, 445201195, 450785783, 456411023, 462077000, 467783796, 473531496, 479320183, 485149940,
  491020850, 496932995, 502886458, 508881321, 514917665, 520995573, 527115126, 533276404, 539479489,
  545724461, 552011402, 558340390, 564711506, 571124829, 577580440, 584078418, 590618841, 597201788,
  603827339, 610495571, 617206562, 623960392, 630757136, 637596874, 644479682, 651405637, 658374817,
  665387298, 672443157, 679542470, 686685312, 693871761, 701101892, 708375780, 715693501, 723055129,
  730460740, 737910409, 745404210, 752942217, 760524505, 768151147, 775822218, 783537792, 791297940,
  799102738, 806952258, 814846572, 822785754, 830769877, 838799012, 846873232, 854992608, 863157213,
  871367119, 879622397, 887923118, 896269353, 904661174, 913098652, 921581856, 930110858, 938685728,
  947306537, 955973353, 964686248, 973445290, 982250550, 991102097, 1000000000,
];

/** sRGB to XYZ under D65, in ten-thousandths, as IEC 61966-2-1 prints it. White is the sum of each row. */
const TO_X = [4124, 3576, 1805] as const;
const TO_Y = [2126, 7152, 722] as const;
const TO_Z = [193, 1192, 9505] as const;

type Row = readonly [number, number, number];

/** One of X, Y, Z times 1e13: a whole number. */
function weigh(row: Row, r: number, g: number, b: number): number {
  return row[0] * LINEAR_LIGHT[r]! + row[1] * LINEAR_LIGHT[g]! + row[2] * LINEAR_LIGHT[b]!;
}

/**
 * The byte of the grey that is as light as an sRGB colour. L of CIE Lab, 116 f(Y / Yn) - 16, depends on the luminance Y
 * alone, so the grey with the colour's L and a = b = 0 is the one with the colour's Y: of the 256 greys, the one whose
 * luminance is nearest, the darker of two that are as near. A grey is its own grey.
 * @param r, g, b bytes
 */
export function greyLevel(r: number, g: number, b: number): number {
  const luminance = weigh(TO_Y, r, g, b);
  let low = 0;
  let high = 255;
  // The answer is the first grey whose midpoint to the next one is not below the luminance.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (2 * luminance <= 10000 * (LINEAR_LIGHT[middle]! + LINEAR_LIGHT[middle + 1]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The point of the 10-spaced ab grid that is nearest to an sRGB colour: [round(a / 10), round(b / 10)], where
 * a = 500 (f(X / Xn) - f(Y / Yn)) and b = 200 (f(Y / Yn) - f(Z / Zn)).
 * @param r, g, b bytes
 */
export function abGridPoint(r: number, g: number, b: number): readonly [number, number] {
  const x = labCurve(weigh(TO_X, r, g, b) / white(TO_X));
  const y = labCurve(weigh(TO_Y, r, g, b) / white(TO_Y));
  const z = labCurve(weigh(TO_Z, r, g, b) / white(TO_Z));
  return [Math.round(50 * (x - y)), Math.round(20 * (y - z))];
}

function white(row: Row): number {
  return 1e9 * (row[0] + row[1] + row[2]);
}

/** f of CIE Lab: the cube root above (6/29)^3, a straight line below. @param t 0 to 1 */
function labCurve(t: number): number {
  return t > 216 / 24389 ? cubeRoot(t) : ((24389 / 27) * t + 16) / 116;
}

/**
 * Newton's iteration for y^3 = t from above, as exact as doubles allow after 10 steps.
 * @param t (6/29)^3 to 1
 */
export function cubeRoot(t: number): number {
  let y = 1;
  for (let step = 0; step < 10; step++) y -= (y - t / (y * y)) / 3;
  return y;
}
