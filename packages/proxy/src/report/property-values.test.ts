import { describe, expect, it } from 'vitest';
import { PropertyValues } from './property-values.js';
import type { PropertyPolicy } from './stat-report.js';

function texts(values: readonly number[], ...policies: PropertyPolicy[]): string[] {
  const property = new PropertyValues(policies);
  for (const value of values) property.add(value);
  return property.take().map(({ policy, value }) => `${policy} ${value}`);
}

describe('PropertyValues', () => {
  it('makes of the values what each policy says', () => {
    expect(texts([33, 94, 51], 'Sum', 'Avg', 'Max', 'Min', 'Count', { Distr: [100, 0, 50, 50] })).toEqual([
      'Sum 178',
      `Avg ${178 / 3}`,
      'Max 94',
      'Min 33',
      'Count 3',
      'Distr 0|0,50|1,100|2',
    ]);
  });

  it('leaves values at or above the last bound out, and puts one at a bound above it', () => {
    expect(texts([10, 20, 5], { Distr: [10, 20] })).toEqual(['Distr 10|1,20|1']);
  });

  it('says nothing of an interval without values, and begins anew after each', () => {
    expect(texts([], 'Sum', 'Max')).toEqual([]);
    const property = new PropertyValues(['Max']);
    property.add(5);
    property.take();
    expect(property.isEmpty).toBe(true);
    property.add(-1);
    expect(property.take()[0]?.value).toBe('-1');
  });
});
