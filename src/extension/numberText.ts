/** Text of numbers as the interface writes them: three significant digits, units always written. */
export class NumberText {
  private readonly formats = new Map<string, Intl.NumberFormat>();

  /** @param locale BCP 47 tag; English where it is not understood */
  constructor(private readonly locale: string) {}

  /** `4.20 M`, `6.74 B`; plain below a thousand. */
  count(value: number): string {
    return this.scaled(value, ["", " k", " M", " B", " T"]);
  }

  /** Decimal units: `8.40 MB`. */
  bytes(value: number): string {
    return this.scaled(value, [" B", " kB", " MB", " GB", " TB", " PB"]);
  }

  /** Three significant digits without a unit: `16.0`, `4.82`. */
  significant(value: number): string {
    return this.format("significant", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 }).format(value);
  }

  integer(value: number): string {
    return this.format("integer", { maximumFractionDigits: 0 }).format(value);
  }

  /** Two decimals. */
  hundredths(value: number): string {
    return this.format("hundredths", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
  }

  private scaled(value: number, units: readonly string[]): string {
    let unit = 0;
    // 999.5 and more would print as 1,000 of the smaller unit.
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit += 1;
    }
    return (unit === 0 ? this.integer(value) : this.significant(value)) + units[unit];
  }

  /** Made when first needed: the first one of a process loads the locale's data. */
  private format(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    let format = this.formats.get(name);
    if (!format) {
      const known = Intl.NumberFormat.supportedLocalesOf(this.locale).length > 0 ? this.locale : "en";
      format = new Intl.NumberFormat(known, options);
      this.formats.set(name, format);
    }
    return format;
  }
}
