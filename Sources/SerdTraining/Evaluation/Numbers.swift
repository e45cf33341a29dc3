import Foundation

/// `0.796` as `79.6`.
func percent(_ fraction: Double) -> String { decimals(fraction * 100, 1) }

func decimals(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }
