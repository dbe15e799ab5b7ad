#!/bin/sh
# Makes the font files of this folder from Debian's fonts-inter and fonts-noto-core, and from the crate
# typst-assets, which cargo has fetched for Typst.
# Run it here; it needs pyftsubset (fonttools). README.md says why each option is there.
set -eu
libertinus=$(echo "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/typst-assets-0.15.1/files/fonts)
inter=/usr/share/fonts/opentype/inter
noto=/usr/share/fonts/truetype/noto

# Latin with both extensions and the letters of romanised Indian languages and Vietnamese, Greek,
# Cyrillic, punctuation, currency signs, arrows, bullets and other signs seen in résumés.
latin='U+0020-007E,U+00A0-024F,U+02B9-02DD,U+0300-036F,U+0370-03FF,U+0400-04FF,U+1E00-1EFF'
latin="$latin,U+2000-206F,U+2070-209F,U+20A0-20C0,U+2100-214F,U+2150-218F,U+2190-21FF"
latin="$latin,U+2200-22FF,U+25A0-25FF,U+2605-2606,U+2610-2612,U+2713-2717,U+FFFD"
for style in Regular SemiBold; do
    pyftsubset "$inter/Inter-$style.otf" --unicodes="$latin" --layout-features=kern,mark,mkmk,ccmp,locl \
        --no-hinting --notdef-outline --desubroutinize --name-IDs='0,1,2,3,4,5,6,7,13,14,16,17' --output-file="Inter-$style.otf"
done

for style in Regular Semibold Italic; do
    pyftsubset "$libertinus/LibertinusSerif-$style.otf" --unicodes="$latin" \
        --layout-features=kern,mark,mkmk,ccmp,locl,smcp \
        --no-hinting --notdef-outline --desubroutinize --name-IDs='0,1,2,3,4,5,6,7,13,14,16,17' \
        --output-file="LibertinusSerif-$style.otf"
done

# Indic faces keep every feature: without them letters do not join. Bold falls back to regular.
for script in Devanagari Bengali Tamil Telugu Kannada Malayalam Gujarati Gurmukhi Oriya; do
    case $script in
        Devanagari) own='U+0900-097F,U+1CD0-1CFF,U+A8E0-A8FF' ;;
        Bengali) own='U+0980-09FF' ;;
        Tamil) own='U+0B80-0BFF' ;;
        Telugu) own='U+0C00-0C7F' ;;
        Kannada) own='U+0C80-0CFF' ;;
        Malayalam) own='U+0D00-0D7F' ;;
        Gujarati) own='U+0A80-0AFF' ;;
        Gurmukhi) own='U+0A00-0A7F' ;;
        Oriya) own='U+0B00-0B7F' ;;
    esac
    pyftsubset "$noto/NotoSans$script-Regular.ttf" --unicodes="U+0020,U+00A0,U+0964-0965,U+200C-200D,U+25CC,$own" \
        --layout-features='*' --no-hinting --notdef-outline --name-IDs='0,1,2,3,4,5,6,7,13,14,16,17' \
        --output-file="NotoSans$script-Regular.ttf"
done
