from rain.report import read

def test_read() :
    assert len(read('march.csv')) == 3
