/**
 * The colours of the finished UI, by its own variables: those of the sample, light and dark. Its default colours of links and
 * hints are too pale to be read by everybody.
 */
export const palette = `
[data-supertokens~=container] {
  --palette-primary: 11, 122, 91;
  --palette-primaryBorder: 7, 95, 70;
  --palette-textLink: 7, 95, 70;
  --palette-textPrimary: 86, 98, 91;
  --palette-superTokensBrandingText: 86, 98, 91;
}

@media (prefers-color-scheme: dark) {
  [data-supertokens~=container] {
    --palette-background: 24, 30, 27;
    --palette-inputBackground: 16, 20, 18;
    --palette-inputBorder: 111, 124, 117;
    --palette-primary: 76, 199, 155;
    --palette-primaryBorder: 116, 218, 181;
    --palette-buttonText: 6, 35, 26;
    --palette-textTitle: 232, 237, 233;
    --palette-textLabel: 232, 237, 233;
    --palette-textInput: 232, 237, 233;
    --palette-textPrimary: 162, 174, 167;
    --palette-textGray: 162, 174, 167;
    --palette-textLink: 116, 218, 181;
    --palette-error: 255, 154, 146;
    --palette-errorBackground: 58, 29, 27;
    --palette-superTokensBrandingBackground: 43, 52, 47;
    --palette-superTokensBrandingText: 200, 208, 203;
  }

  [data-supertokens~=divider] {
    border-color: rgb(43, 52, 47);
  }
}

@media (prefers-reduced-motion: reduce) {
  [data-supertokens] {
    transition: none !important;
  }
}
`;
